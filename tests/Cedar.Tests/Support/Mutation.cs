using System.Text;

namespace Proofgate.Cedar.Tests.Support;

/// <summary>Changes a text a little, in ways that a careless or hostile writer might.</summary>
internal static class Mutation
{
    private const int Deepest = 3_000;

    /// <param name="text">What to change.</param>
    /// <param name="random">Chance.</param>
    /// <param name="fragments">Pieces to put in.</param>
    /// <param name="nests">Pairs to put around a part, many times.</param>
    public static string Of(string text, Random random, IReadOnlyList<string> fragments, IReadOnlyList<(string Open, string Close)> nests)
    {
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            var at = random.Next(text.Length + 1);
            var end = Math.Min(text.Length, at + random.Next(1, 12));
            text = random.Next(24) switch
            {
                < 7 => text.Remove(at, end - at),
                < 14 => text.Insert(at, fragments[random.Next(fragments.Count)]),
                < 18 => text.Insert(random.Next(text.Length + 1), text[at..end]),
                < 22 => text[..at] + (char)random.Next(0x250) + text[end..],
                22 => text[..at] + new string('a', random.Next(100_000)) + text[at..],
                _ => Nested(text, at, end, nests[random.Next(nests.Count)], random.Next(1, Deepest)),
            };
        }

        return text;
    }

    private static string Nested(string text, int at, int end, (string Open, string Close) pair, int depth) => new StringBuilder(text[..at])
        .Insert(at, pair.Open, depth)
        .Append(text, at, end - at)
        .Append(new StringBuilder().Insert(0, pair.Close, depth))
        .Append(text, end, text.Length - end)
        .ToString();
}
