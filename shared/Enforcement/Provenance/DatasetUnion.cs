using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Proofgate.Policy;

namespace Proofgate.Enforcement.Provenance;

/// <summary>The datasets that the content of a call may come from: its own, and those of the answers whose tokens came with it.</summary>
internal sealed class DatasetUnion
{
    private readonly SortedSet<string> _names;
    private readonly List<string> _digests;

    private DatasetUnion(IEnumerable<string> names, IEnumerable<string> digests) =>
        (_names, _digests) = (new SortedSet<string>(names, StringComparer.Ordinal), [.. digests.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);

    /// <summary>In ordinal order.</summary>
    internal IReadOnlyList<string> Names => [.. _names];

    /// <summary>False where a token had more than it could name.</summary>
    internal bool IsComplete => _digests.Count == 0;

    /// <param name="call">With what its tokens say.</param>
    /// <param name="grounding">What its prompt stands on.</param>
    /// <param name="rows">Which rows of its resource are read; null where none are.</param>
    internal static DatasetUnion Of(Call call, Grounding? grounding, RowScope? rows) =>
        Of([.. grounding?.Passages.Select(static p => p.Dataset) ?? [], .. rows is null ? [] : (string[])[call.Resource.Uid.Id]], call.Lineage);

    internal static DatasetUnion Of(IEnumerable<string> own, IReadOnlyList<LineageClaim> claims) => new(
        own.Concat(claims.SelectMany(static c => c.Datasets)),
        claims.Where(static c => !c.Digest.IsEmpty).Select(static c => Convert.ToHexStringLower(c.Digest.Span)));

    /// <summary>This, and others.</summary>
    internal DatasetUnion With(IEnumerable<string> names) => new(_names.Concat(names), _digests);

    /// <summary>SHA-256 over the names, each with its length before it, and the digests that stand for others.</summary>
    internal byte[] Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, _names);
        Add(hash, _digests);
        return hash.GetHashAndReset();
    }

    private static void Add(IncrementalHash hash, ICollection<string> texts)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, texts.Count);
        hash.AppendData(length);
        foreach (var text in texts)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
    }
}
