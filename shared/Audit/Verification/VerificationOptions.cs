namespace Proofgate.Audit.Verification;

/// <summary>How to verify.</summary>
public sealed record VerificationOptions
{
    /// <summary>Findings, notes and open decisions kept in the report; all are counted.</summary>
    public int MaxListed { get; init; } = 1000;

    /// <summary>Told the number of rows checked, now and then.</summary>
    public IProgress<long>? Progress { get; init; }

    /// <summary>
    /// How long event rows beyond the newest commit row may wait for theirs: a writer that inserts row by row is between two of them at any moment.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
