namespace Proofgate.Audit.Tiles;

/// <summary>What a file of 256 consecutive things holds.</summary>
public enum TileKind
{
    /// <summary>Hashes of one level (C2SP tlog-tiles), <c>tile/{level}/{index}</c>.</summary>
    Hashes,

    /// <summary>Entries, each after its length as uint16 (C2SP tlog-tiles), <c>tile/entries/{index}</c>.</summary>
    Entries,

    /// <summary>Entries of which one or more are too long for that, <c>tile/wide/{index}</c>: see <see cref="EntryBundle"/>.</summary>
    Wide,

    /// <summary>Audit ids of 256 leaves, 16 bytes each, zero where a leaf is no event; full ones only, <c>index/{index}</c>.</summary>
    Ids,

    /// <summary>One entry that is too long for a bundle, <c>large/{index of the leaf}</c>.</summary>
    Large,
}
