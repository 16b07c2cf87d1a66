namespace Proofgate.Protection.Automata;

/// <summary>A set of UTF-16 code units as ranges. Immutable.</summary>
internal sealed class CharSet(IReadOnlyList<(char From, char To)> ranges)
{
    internal static readonly CharSet Empty = new([]);
    internal static readonly CharSet All = new([('\0', char.MaxValue)]);

    internal IReadOnlyList<(char From, char To)> Ranges { get; } = ranges;

    internal bool Contains(char c)
    {
        foreach (var (from, to) in Ranges)
        {
            if (c >= from && c <= to)
                return true;
        }

        return false;
    }

    internal CharSet Union(CharSet other) => new([.. Ranges, .. other.Ranges]);
}
