using System.Text.Json;
using Proofgate.Policy;

namespace Proofgate.Enforcement.Limits;

/// <summary>Reads <c>limits</c> of <c>bundle.json</c>.</summary>
internal sealed class LimitSection : IBundleSection
{
    private const int MaxNames = 10_000;
    private const long MaxTokens = 1_000_000_000_000_000;
    private const decimal MaxCost = 1_000_000_000;
    private const string Rate = "requestsPerMinute";
    private const string Open = "concurrent";
    private const string Tokens = "tokensPerDay";
    private const string Cost = "costPerDay";

    private static readonly Dictionary<string, LimitScope> Scopes = new(StringComparer.Ordinal)
    {
        ["keys"] = LimitScope.Key,
        ["subjects"] = LimitScope.Subject,
        ["tenants"] = LimitScope.Tenant,
        ["models"] = LimitScope.Model,
    };

    public object Read(BundleReader bundle)
    {
        var limits = new Dictionary<(LimitScope, string), ScopeLimits>();
        foreach (var (sort, node) in bundle.Members("limits"))
        {
            if (!Scopes.TryGetValue(sort, out var scope))
            {
                bundle.Problem($"limits.{sort}", $"is not known here: there are {string.Join(", ", Scopes.Keys)}.");
                continue;
            }

            if (node.GetPropertyCount() > MaxNames)
            {
                bundle.Problem($"limits.{sort}", $"may have {MaxNames} names at most.");
                continue;
            }

            foreach (var entry in node.EnumerateObject())
            {
                limits[(scope, entry.Name)] = ReadLimits(bundle, $"limits.{sort}.{entry.Name}", entry.Value);
            }
        }

        return new LimitSheet(limits);
    }

    private static ScopeLimits ReadLimits(BundleReader bundle, string path, JsonElement node)
    {
        if (node.ValueKind != JsonValueKind.Object)
        {
            bundle.Problem(path, $"must be an object with {Rate}, {Open}, {Tokens} or {Cost}.");
            return ScopeLimits.None;
        }

        // A misspelt limit would never hold anybody back.
        foreach (var member in node.EnumerateObject().Where(static m => m.Name is not (Rate or Open or Tokens or Cost)))
        {
            bundle.Problem($"{path}.{member.Name}", $"is not known here: there are {Rate}, {Open}, {Tokens} and {Cost}.");
        }

        return new ScopeLimits
        {
            RequestsPerMinute = (int?)Whole(bundle, path, node, Rate, 10_000_000),
            Concurrent = (int?)Whole(bundle, path, node, Open, 100_000),
            TokensPerDay = Whole(bundle, path, node, Tokens, MaxTokens),
            CostPerDay = Amount(bundle, path, node),
        };
    }

    private static long? Whole(BundleReader bundle, string path, JsonElement node, string member, long max)
    {
        if (!node.TryGetProperty(member, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= 1 && number <= max)
        {
            return number;
        }

        bundle.Problem($"{path}.{member}", $"must be a whole number of 1 to {max}.");
        return null;
    }

    private static long? Amount(BundleReader bundle, string path, JsonElement node)
    {
        if (!node.TryGetProperty(Cost, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var amount) && amount is > 0 and <= MaxCost && amount * 1_000_000 >= 1)
        {
            return (long)(amount * 1_000_000);
        }

        bundle.Problem($"{path}.{Cost}", $"must be an amount of 0.000001 to {MaxCost}, in the currency of the models' prices.");
        return null;
    }
}
