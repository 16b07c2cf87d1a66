namespace Proofgate.Cedar;

/// <summary>What became of a policy text that was to be formatted.</summary>
public abstract record FormatResult
{
    private FormatResult()
    {
    }

    /// <summary>The text in its canonical layout; empty, or with a line break at its end.</summary>
    public sealed record Formatted(string Text) : FormatResult;

    /// <summary>The text is no policies.</summary>
    public sealed record Failed(IReadOnlyList<CedarError> Errors) : FormatResult;
}
