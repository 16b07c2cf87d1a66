using Proofgate.Audit.Tenants;
using Proofgate.Cli.Ledger;

namespace Proofgate.Cli.Evidence;

/// <summary>What <c>audit verify --evidence --json</c> prints of a tenant's export: the document of <c>audit verify</c>, and what was proved.</summary>
internal sealed record TenantDocument
{
    public required VerificationDocument Verification { get; init; }

    public required string LogKey { get; init; }

    public required string? Tenant { get; init; }

    public required long Proved { get; init; }

    public required long Witnessed { get; init; }

    internal static TenantDocument Of(TenantReport report, EvidenceSource source) => new()
    {
        Verification = VerificationDocument.Of(report.Report, source.Named),
        LogKey = source.Key.ToString(),
        Tenant = report.Tenant,
        Proved = report.Proved,
        Witnessed = report.Witnessed,
    };
}
