namespace Proofgate.Cedar.Syntax;

/// <summary>Guesses what a misspelled name was meant to be.</summary>
internal static class Nearest
{
    private const int Typos = 3;
    private const int Longest = 32;

    /// <summary>"did you mean ...", or null if nothing is near.</summary>
    public static string? Hint(string name, IEnumerable<string> candidates)
    {
        if (name.Length > Longest)
            return null;

        var best = candidates.Where(candidate => Math.Abs(candidate.Length - name.Length) <= Typos)
            .Select(candidate => (Name: candidate, Distance: Distance(name, candidate)))
            .DefaultIfEmpty((Name: "", Distance: int.MaxValue))
            .MinBy(pair => pair.Distance);
        return best.Distance <= Typos && best.Distance < name.Length ? $"did you mean `{best.Name}`?" : null;
    }

    /// <summary>Levenshtein distance without regard to case.</summary>
    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            row[j] = j;

        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + change));
            }
        }

        return row[b.Length];
    }
}
