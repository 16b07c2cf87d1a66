using System.Globalization;
using System.Text.RegularExpressions;

namespace Proofgate.Enforcement.Tools.Schemas;

/// <summary>A regular expression of a schema, which takes time in proportion to the text and to nothing else.</summary>
internal sealed partial class SchemaPattern
{
    private const int MaxLength = 512;

    /// <summary>What all repetitions of a pattern together may unfold to.</summary>
    private const long MaxRepetition = 10_000;

    private readonly Regex _regex;

    private SchemaPattern(Regex regex) => _regex = regex;

    internal static SchemaPattern Of(string pattern)
    {
        if (pattern.Length > MaxLength || Unfolded(pattern) > MaxRepetition)
        {
            throw new SchemaException($"it has a pattern that is longer than {MaxLength} characters, or repeats more than {MaxRepetition} times");
        }

        try
        {
            return new SchemaPattern(new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new SchemaException("it has a pattern that is no regular expression, or one that cannot be matched in linear time");
        }
    }

    internal bool Matches(string text) => _regex.IsMatch(text);

    private static long Unfolded(string pattern)
    {
        var all = 1L;
        foreach (Match repetition in Repetition.Matches(pattern))
        {
            var most = repetition.Groups[2].Success && repetition.Groups[2].Length > 0 ? repetition.Groups[2].Value : repetition.Groups[1].Value;
            if (!long.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out var times) || (all *= Math.Max(1, times)) > MaxRepetition)
            {
                return long.MaxValue;
            }
        }

        return all;
    }

    [GeneratedRegex(@"\{([0-9]+)(?:,([0-9]*))?\}", RegexOptions.CultureInvariant)]
    private static partial Regex Repetition { get; }
}
