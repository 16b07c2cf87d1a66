namespace Proofgate.Protection.Matching;

/// <summary>Which findings begin inside another.</summary>
internal static class Overlap
{
    /// <summary>Index after the last finding that begins before the one at <paramref name="index"/> ends.</summary>
    internal static int EndOf(ReadOnlySpan<Finding> findings, int index)
    {
        var end = index + 1;
        while (end < findings.Length && findings[end].Start < findings[index].End)
            end++;
        return end;
    }
}
