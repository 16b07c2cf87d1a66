namespace Proofgate.Protection.Tests.Support;

/// <summary>A positive example of the rule file: the text, and which part of it is the match.</summary>
internal readonly record struct Example(string Before, string Value, string After)
{
    internal string Text => Before + Value + After;

    /// <summary>Reads <c>before‹value›after</c>; without the marks all of it is the value.</summary>
    internal static Example Parse(string example)
    {
        var (from, to) = (example.IndexOf('‹', StringComparison.Ordinal), example.IndexOf('›', StringComparison.Ordinal));
        return from < 0 ? new("", example, "") : new(example[..from], example[(from + 1)..to], example[(to + 1)..]);
    }

    internal string Masked(string kind) => $"{Before}[{kind}]{After}";
}
