using Proofgate.Identity.Credentials;

namespace Proofgate.Identity.ApiKeys;

/// <summary>A record in memory, with what it says of its holder already built: the hot path only adds the address.</summary>
internal sealed class CachedKey(ApiKeyRecord record, long loadedAt)
{
    internal ApiKeyRecord Record { get; } = record;

    /// <summary>Timestamp of the read's start.</summary>
    internal long LoadedAt { get; } = loadedAt;

    internal CredentialCheck Credential { get; } = new CredentialCheck.Genuine(Describe(record), record.Thumbprint is { } bound ? new Binding(bound, null) : null);

    private static Caller Describe(ApiKeyRecord record) => new()
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
        Thumbprint = record.Thumbprint,
        Expires = record.Expires ?? DateTimeOffset.MaxValue,
    };
}
