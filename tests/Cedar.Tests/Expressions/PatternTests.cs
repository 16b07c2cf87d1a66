using CsCheck;
using Proofgate.Cedar.Expressions;

namespace Proofgate.Cedar.Tests.Expressions;

public sealed class PatternTests
{
    [Fact]
    public void Matches_AgreesWithBacktracking_ForAnyTextAndPattern() =>
        Gen.Select(Gen.String[Gen.Char["ab"], 0, 8], Gen.String[Gen.Char["ab*"], 0, 6])
            .Sample((text, pattern) => new Pattern(pattern.Split('*')).Matches(text) == Backtrack(text, pattern), iter: 20_000);

    private static bool Backtrack(ReadOnlySpan<char> text, ReadOnlySpan<char> pattern)
    {
        if (pattern.IsEmpty)
            return text.IsEmpty;
        if (pattern[0] == '*')
            return Backtrack(text, pattern[1..]) || (!text.IsEmpty && Backtrack(text[1..], pattern));
        return !text.IsEmpty && text[0] == pattern[0] && Backtrack(text[1..], pattern[1..]);
    }
}
