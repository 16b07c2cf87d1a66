namespace Proofgate.Enforcement.Limits;

/// <summary>One of those whose limits hold for a call.</summary>
/// <param name="Scope">Of which sort.</param>
/// <param name="Id">Unlike that of any other of any sort.</param>
/// <param name="Limits">Its limits in the bundle by which the call is decided.</param>
internal readonly record struct LimitOwner(LimitScope Scope, string Id, ScopeLimits Limits)
{
    /// <summary>Whose limits hold for a call, the narrowest first.</summary>
    internal static LimitOwner[] Of(Call call, AdmissionOptions options)
    {
        var sheet = call.Bundle.FindPart<LimitSheet>();
        var caller = call.Caller;
        var stated = sheet?.Of(LimitScope.Key, caller.Account) ?? ScopeLimits.None;
        var key = new ScopeLimits
        {
            RequestsPerMinute = caller.Limits?.RequestsPerMinute ?? stated.RequestsPerMinute ?? options.RequestsPerMinute,
            Concurrent = stated.Concurrent ?? options.ConcurrentPerKey,
            TokensPerDay = caller.Limits?.TokensPerDay ?? stated.TokensPerDay ?? (options.TokensPerDay > 0 ? options.TokensPerDay : null),
            CostPerDay = stated.CostPerDay,
        };
        var owners = new List<LimitOwner>(4) { new(LimitScope.Key, $"key/{caller.Account}", key) };
        if (sheet is not null)
        {
            // With its length, no tenant's name can look like another's and a subject of it.
            Add(LimitScope.Subject, $"subject/{caller.Tenant.Length}/{caller.Tenant}/{caller.Subject}", caller.Subject);
            Add(LimitScope.Tenant, $"tenant/{caller.Tenant}", caller.Tenant);
            if (call.ModelName is { } model)
            {
                Add(LimitScope.Model, $"model/{model}", model);
            }
        }

        return [.. owners];

        void Add(LimitScope scope, string id, string name)
        {
            var limits = sheet.Of(scope, name);
            if (!ReferenceEquals(limits, ScopeLimits.None))
            {
                owners.Add(new LimitOwner(scope, id, limits));
            }
        }
    }
}
