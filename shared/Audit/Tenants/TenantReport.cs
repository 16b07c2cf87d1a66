using Proofgate.Audit.Verification;

namespace Proofgate.Audit.Tenants;

/// <summary>What verifying a tenant's export gave.</summary>
public sealed record TenantReport
{
    /// <summary>What such an export cannot show, whoever verifies it.</summary>
    public const string Incomplete =
        "Not shown: that the exporter gave all of the tenant's events. A receipt or a promise that the tenant kept and whose event is not here shows that one was left out.";

    public required VerificationReport Report { get; init; }

    /// <summary>Null where the manifest cannot be read.</summary>
    public required string? Tenant { get; init; }

    /// <summary>Events whose proof leads to a signed checkpoint.</summary>
    public required long Proved { get; init; }

    /// <summary>Cosigned checkpoints of witnesses that the export agrees with.</summary>
    public required long Witnessed { get; init; }
}
