namespace Proofgate.Http.Mcp;

/// <summary>Section <c>Proofgate:Mcp</c>.</summary>
public sealed class McpOptions
{
    public const string Section = "Proofgate:Mcp";

    /// <summary>How long one tool may take; after it 504. Default 60 s.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Characters of one tool's answer; a longer one is not released: 502. Default 4 Mi.</summary>
    public int MaxAnswerLength { get; set; } = 4 * 1024 * 1024;

    internal IEnumerable<string> Problems()
    {
        // The platform cuts an answer that has not begun at 230 s.
        if (CallTimeout <= TimeSpan.Zero || CallTimeout > TimeSpan.FromSeconds(220))
        {
            yield return $"{Section}:{nameof(CallTimeout)} must be over 0 and at most 220 s.";
        }

        if (MaxAnswerLength is < 1024 or > 64 * 1024 * 1024)
        {
            yield return $"{Section}:{nameof(MaxAnswerLength)} must be 1 Ki to 64 Mi characters.";
        }
    }
}
