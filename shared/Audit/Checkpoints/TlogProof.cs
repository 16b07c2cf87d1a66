using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;

namespace Proofgate.Audit.Checkpoints;

/// <summary>
/// A receipt as C2SP tlog-proof writes it: the event's bytes as <c>extra</c>, its index, its audit path, and the signed checkpoint. Whoever holds
/// it needs nothing but the log's public key.
/// </summary>
/// <param name="Extra">The bytes of the leaf. They are bound by the proof and by nothing before it was verified.</param>
/// <param name="Index">Place in the log.</param>
/// <param name="Path">From the leaf's sibling up.</param>
/// <param name="Checkpoint">A signed note.</param>
public sealed record TlogProof(ReadOnlyMemory<byte>? Extra, long Index, IReadOnlyList<MerkleHash> Path, ReadOnlyMemory<byte> Checkpoint)
{
    /// <summary>Bytes of the largest receipt that is read: a leaf of 960 KiB in base64, and the rest.</summary>
    public const int MaxBytes = 2 << 20;

    private const string Header = "c2sp.org/tlog-proof@v1";
    private const int MaxPath = 64;

    public byte[] ToBytes()
    {
        var text = new StringBuilder(Header).Append('\n');
        if (Extra is { } extra)
            text.Append("extra ").Append(Convert.ToBase64String(extra.Span)).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"index {Index}\n");
        foreach (var hash in Path)
            text.Append(Convert.ToBase64String(hash.ToArray())).Append('\n');
        return [.. Encoding.ASCII.GetBytes(text.Append('\n').ToString()), .. Checkpoint.Span];
    }

    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out TlogProof? proof)
    {
        proof = null;
        var end = bytes.IndexOf("\n\n"u8);
        if (bytes.Length > MaxBytes || end < 0)
            return false;
        var lines = new Queue<string>(Encoding.UTF8.GetString(bytes[..end]).Split('\n'));
        if (lines.Dequeue() != Header)
            return false;
        byte[]? extra = null;
        if (lines.TryPeek(out var line) && line.StartsWith("extra ", StringComparison.Ordinal) && !Base64.TryDecode(lines.Dequeue()[6..], out extra))
            return false;
        if (!lines.TryDequeue(out line) || !line.StartsWith("index ", StringComparison.Ordinal) || !Checkpoints.Checkpoint.TrySize(line[6..], out var index))
            return false;
        var path = new List<MerkleHash>();
        while (lines.TryDequeue(out line))
        {
            if (path.Count == MaxPath || !Base64.TryDecode(line, out var hash) || hash.Length != MerkleHash.Size)
                return false;
            path.Add(new MerkleHash(hash));
        }

        proof = new TlogProof(extra is null ? default(ReadOnlyMemory<byte>?) : extra, index, path, bytes[(end + 2)..].ToArray());
        return true;
    }

    /// <summary>Whether the proof binds <paramref name="leaf"/> to its checkpoint, which one of <paramref name="keys"/> signed for <paramref name="origin"/>.</summary>
    public bool Verify(MerkleHash leaf, string origin, IReadOnlyCollection<VerifierKey> keys, [NotNullWhen(true)] out SignedCheckpoint? opened) =>
        SignedCheckpoint.TryOpen(Checkpoint.Span, origin, keys, out opened)
        && MerkleProof.VerifyInclusion(Index, opened.Size, leaf, Path, opened.Checkpoint.Root);
}
