using System.Globalization;
using System.Text;
using Proofgate.Audit.Checkpoints;

namespace Proofgate.Audit.Tiles;

/// <summary>Names one file of a log, as C2SP tlog-tiles does.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Level">Of hashes, 0 at the leaves; 0 for all else.</param>
/// <param name="Index">In its level.</param>
/// <param name="Width">256, or how many things a partial one holds.</param>
public readonly record struct TileId(TileKind Kind, int Level, long Index, int Width)
{
    /// <summary>Hashes and entries of a full tile.</summary>
    public const int FullWidth = 256;

    /// <summary>The highest level that a log of 2^63 leaves has.</summary>
    public const int MaxLevel = 7;

    public bool IsFull => Width == FullWidth;

    public static TileId Hashes(int level, long index, int width = FullWidth) => new(TileKind.Hashes, level, index, width);

    public static TileId Entries(long index, int width = FullWidth) => new(TileKind.Entries, 0, index, width);

    internal TileId Full => this with { Width = FullWidth };

    /// <summary>How many things tile <paramref name="index"/> of a level has in a log of <paramref name="size"/> leaves; 0 or less: it is not there.</summary>
    internal static int WidthIn(long size, int level, long index) =>
        (int)Math.Clamp((size >> (8 * level)) - (index * FullWidth), 0, FullWidth);

    /// <summary>Reads a path below <c>tile/</c>; only the one spelling that there is.</summary>
    public static bool TryParse(string path, out TileId id)
    {
        id = default;
        var parts = path.Split('/');
        if (path.Length > 64 || parts.Length < 2)
            return false;
        var kind = parts[0] switch { "entries" => TileKind.Entries, "wide" => TileKind.Wide, _ => TileKind.Hashes };
        long level = 0;
        if (kind == TileKind.Hashes && (!Checkpoint.TrySize(parts[0], out level) || level > MaxLevel))
            return false;
        var (width, last) = ((long)FullWidth, parts.Length);
        if (parts[^2].EndsWith(".p", StringComparison.Ordinal))
        {
            if (parts.Length < 3 || !Checkpoint.TrySize(parts[^1], out width) || width is < 1 or >= FullWidth)
                return false;
            last--;
        }

        long index = 0;
        foreach (var part in parts.AsSpan(1, last - 1))
        {
            var digits = part.AsSpan(part.StartsWith('x') ? 1 : 0);
            digits = digits.EndsWith(".p") ? digits[..^2] : digits;
            if (index > long.MaxValue / 1000 / 2 || digits.Length != 3 || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                return false;
            index = (index * 1000) + value;
        }

        id = new TileId(kind, (int)level, index, (int)width);
        return id.ToString() == "tile/" + path;
    }

    /// <summary>Reads a path below <c>index/</c>; there are full ones only.</summary>
    internal static bool TryParseIds(string path, out TileId id)
    {
        var parsed = TryParse("entries/" + path, out id) && id.IsFull;
        id = id with { Kind = TileKind.Ids };
        return parsed;
    }

    /// <summary>The path below the log's own.</summary>
    public override string ToString()
    {
        var path = new StringBuilder(Kind switch
        {
            TileKind.Hashes => string.Create(CultureInfo.InvariantCulture, $"tile/{Level}/"),
            TileKind.Entries => "tile/entries/",
            TileKind.Wide => "tile/wide/",
            TileKind.Ids => "index/",
            _ => "large/",
        });
        var index = Index.ToString(CultureInfo.InvariantCulture);
        index = index.PadLeft((index.Length + 2) / 3 * 3, '0');
        for (var at = 0; at < index.Length; at += 3)
            path.Append(at + 3 < index.Length ? "x" : "").Append(index, at, 3).Append(at + 3 < index.Length ? "/" : "");
        if (!IsFull)
            path.Append(CultureInfo.InvariantCulture, $".p/{Width}");
        return path.ToString();
    }
}
