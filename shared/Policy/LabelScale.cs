namespace Proofgate.Policy;

/// <summary>Named ranks of data, lowest first; a call's label only ever rises.</summary>
public sealed class LabelScale(IReadOnlyList<string> names)
{
    /// <summary>Used where a bundle names none.</summary>
    public static LabelScale Default { get; } = new(["public", "internal", "confidential", "restricted"]);

    public IReadOnlyList<string> Names => names;

    public string Highest => names[names.Count - 1];

    public string NameOf(long rank) => rank >= 0 && rank < names.Count ? names[(int)rank] : rank.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The rank of what was named under this bundle or another: a name that this one does not have ranks highest, so that no label is ever lost.</summary>
    public long RankOrHighest(string name) => TryRank(name, out var rank) ? rank : names.Count - 1;

    public bool TryRank(string name, out long rank)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (string.Equals(names[i], name, StringComparison.Ordinal))
            {
                rank = i;
                return true;
            }
        }

        rank = -1;
        return false;
    }
}
