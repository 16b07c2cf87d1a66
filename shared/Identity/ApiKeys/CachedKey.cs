namespace Proofgate.Identity.ApiKeys;

/// <summary>A record in memory, with the caller that it makes already built: the hot path only adds the address.</summary>
internal sealed class CachedKey(ApiKeyRecord record, long loadedAt)
{
    internal ApiKeyRecord Record { get; } = record;

    /// <summary>Timestamp of the read's start.</summary>
    internal long LoadedAt { get; } = loadedAt;

    internal Caller Caller { get; } = new()
    {
        Subject = record.Owner,
        Kind = record.OwnerKind,
        Client = record.Id.ToString(),
        Tenant = record.Tenant,
        Roles = record.Roles,
        Method = AuthenticationMethod.ApiKey,
        Limits = record.Limits,
        Clearance = record.Clearance,
        Purpose = record.Purpose,
        Expires = record.Expires ?? DateTimeOffset.MaxValue,
    };
}
