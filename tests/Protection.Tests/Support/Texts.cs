using CsCheck;

namespace Proofgate.Protection.Tests.Support;

/// <summary>Generates texts that mix prose, values, broken values and what lies between them.</summary>
internal static class Texts
{
    private static readonly string[] Values = [.. ShippedRules.File.Rules.SelectMany(rule => rule.Positive).Select(value => Example.Parse(value).Text)];
    private static readonly string[] Near = [.. ShippedRules.File.Rules.SelectMany(rule => rule.Negative)];
    private static readonly string[] Prose =
    [
        "the ", "well-known ", "answer", " is ", "42", ", ", ". ", "\n", " ", "Kind ", "I", "naïve ", "日本語", "😀",
        "https://example.com/a?b=c ", "a.a.a@", "12 ",
        "3.14159 ", "-", "--", "-----BEGIN ", "+", "@", "sk-", "_", "'", "\"", "(", ")", "x", "0",
    ];

    private static readonly string[] Invisible =
        ["\u200B", "\u200D", "\uFEFF", "\u00AD", "\uDB40\uDC41", "\uFE0F", "\uDB40", "\uD83D", "\uDC00"];

    private static readonly Gen<string> Value = Gen.OneOf(Values);

    private static readonly Gen<string> Cut =
        from value in Gen.OneOf([.. Values, .. Near])
        from start in Gen.Int[0, value.Length - 1]
        from length in Gen.Int[1, value.Length - start]
        select value.Substring(start, length);

    private static readonly Gen<string> Pierced =
        from value in Value
        from at in Gen.Int[0, value.Length]
        from between in Gen.OneOf(Invisible)
        select value.Insert(at, between);

    /// <summary>Parts that join to a text.</summary>
    internal static readonly Gen<string> Part = Gen.Frequency(
        (4, Gen.OneOf(Prose)), (3, Value), (1, Gen.OneOf(Near)), (3, Cut), (2, Pierced), (1, Gen.OneOf(Invisible)));

    internal static Gen<string> Joined(int parts) => Part.Array[0, parts].Select(string.Concat);

    /// <summary>Short texts of the characters that rules turn on.</summary>
    internal static Gen<string> Dense(string alphabet, int length) =>
        Gen.OneOf(alphabet.ToCharArray()).Array[0, length].Select(chars => new string(chars));
}
