namespace Proofgate.Identity.Tokens;

/// <summary>What may become part of a <see cref="Caller"/>.</summary>
internal static class ClaimText
{
    internal const int MaxLength = 512;

    /// <summary>Names reach logs, policies and the ledger: no control character gets that far.</summary>
    internal static bool IsName(string? text) => text is { Length: > 0 and <= MaxLength } && !text.Any(char.IsControl);
}
