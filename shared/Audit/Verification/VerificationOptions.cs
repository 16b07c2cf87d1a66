namespace Proofgate.Audit.Verification;

/// <summary>How to verify.</summary>
public sealed record VerificationOptions
{
    /// <summary>Findings, notes and open decisions kept in the report; all are counted.</summary>
    public int MaxListed { get; init; } = 1000;

    /// <summary>Told the number of rows checked, now and then.</summary>
    public IProgress<long>? Progress { get; init; }
}
