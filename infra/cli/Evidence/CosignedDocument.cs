namespace Proofgate.Cli.Evidence;

/// <summary>What <c>audit witness --json</c> prints after one round.</summary>
internal sealed record CosignedDocument(string WitnessKey, IReadOnlyList<CosignedDocument.Seen> Logs)
{
    /// <param name="Origin">The log.</param>
    /// <param name="Size">Leaves of the checkpoint that was shown.</param>
    /// <param name="Status">200 cosigned, 409 or 422 refused: see C2SP tlog-witness.</param>
    internal sealed record Seen(string Origin, long Size, int Status);
}
