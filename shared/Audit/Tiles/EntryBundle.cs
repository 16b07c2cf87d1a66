using System.Buffers.Binary;

namespace Proofgate.Audit.Tiles;

/// <summary>
/// Entries of up to 256 leaves in one file. C2SP's bundle writes a uint16 before each, which 65,535 bytes fit into; an event may have 256 KiB and
/// a leaf 960 KiB. A bundle with such an entry is <em>wide</em>: a uint32 before each entry, and an entry over 65,535 bytes leaves only its length
/// there and has a file of its own. C2SP asks for another address then, and so it has one. Hash tiles know no difference.
/// </summary>
public static class EntryBundle
{
    /// <summary>Bytes of the longest entry within a bundle.</summary>
    public const int MaxEntryBytes = ushort.MaxValue;

    /// <summary>Bytes of the largest bundle.</summary>
    internal const int MaxBytes = TileId.FullWidth * (4 + MaxEntryBytes);

    public static bool IsWide(IEnumerable<ReadOnlyMemory<byte>> entries) => entries.Any(static e => e.Length > MaxEntryBytes);

    public static byte[] Encode(IReadOnlyList<ReadOnlyMemory<byte>> entries)
    {
        var wide = IsWide(entries);
        var bundle = new byte[entries.Sum(e => (wide ? 4 : 2) + (e.Length > MaxEntryBytes ? 0 : e.Length))];
        var rest = bundle.AsSpan();
        foreach (var entry in entries)
        {
            if (wide)
                BinaryPrimitives.WriteInt32BigEndian(rest, entry.Length);
            else
                BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)entry.Length);
            rest = rest[(wide ? 4 : 2)..];
            if (entry.Length > MaxEntryBytes)
                continue;
            entry.Span.CopyTo(rest);
            rest = rest[entry.Length..];
        }

        return bundle;
    }

    /// <summary>The entries, or null where it does not hold exactly <paramref name="count"/>. An entry that has a file of its own is null, with its length.</summary>
    public static IReadOnlyList<(ReadOnlyMemory<byte>? Entry, int Length)>? TryDecode(ReadOnlyMemory<byte> bundle, int count, bool wide)
    {
        var entries = new List<(ReadOnlyMemory<byte>?, int)>(count);
        while (bundle.Length > 0)
        {
            if (entries.Count == count || bundle.Length < (wide ? 4 : 2))
                return null;
            var length = wide ? BinaryPrimitives.ReadInt32BigEndian(bundle.Span) : BinaryPrimitives.ReadUInt16BigEndian(bundle.Span);
            bundle = bundle[(wide ? 4 : 2)..];
            if (length > MaxEntryBytes)
            {
                entries.Add((null, length));
                continue;
            }

            if (length < 0 || length > bundle.Length)
                return null;
            entries.Add((bundle[..length], length));
            bundle = bundle[length..];
        }

        return entries.Count == count ? entries : null;
    }
}
