using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;

namespace Proofgate.Audit.Checkpoints;

/// <summary>
/// A witness (C2SP tlog-witness): keeps the newest checkpoint of each log that it has cosigned, cosigns one that goes on from it, and refuses a
/// rewrite. What it answers is on disk before.
/// </summary>
/// <param name="folder">Its record: <c>{SHA-256 of the origin}/checkpoint</c>.</param>
/// <param name="cosigner">Its key.</param>
/// <param name="logs">Keys of super-logs; each stands for all logs of its deployment.</param>
public sealed class Witness(string folder, Cosigner cosigner, IReadOnlyList<VerifierKey> logs) : IDisposable
{
    /// <summary>Bytes of the largest request.</summary>
    public const int MaxBytes = 64 * 1024;

    private const int MaxProof = 63;

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>The newest cosigned checkpoint of an origin, as a note with both signatures.</summary>
    public async Task<byte[]?> NewestAsync(string originHash, CancellationToken cancellationToken)
    {
        if (originHash.Length != 64 || originHash.Any(static c => !char.IsAsciiHexDigitLower(c)))
            return null;
        var file = Path.Combine(folder, originHash, "checkpoint");
        return File.Exists(file) ? await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false) : null;
    }

    /// <summary>Size of the newest checkpoint that it has cosigned for an origin; 0 for none.</summary>
    public async Task<long> SizeOfAsync(string origin, CancellationToken cancellationToken) =>
        (await HeldAsync(origin, cancellationToken).ConfigureAwait(false))?.Size ?? 0;

    public async Task<WitnessAnswer> AddAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        var end = request.Span.IndexOf("\n\n"u8);
        if (request.Length > MaxBytes || end < 0 || !TryHead(Encoding.UTF8.GetString(request.Span[..end]), out var old, out var proof)
            || !SignedNote.TryParse(request.Span[(end + 2)..], out var note) || !Checkpoint.TryParse(note.Text.Span, out var checkpoint))
        {
            return new WitnessAnswer(400, "not a request of tlog-witness\n");
        }

        if (KeysOf(checkpoint.Origin) is not { Count: > 0 } keys)
            return new WitnessAnswer(404, "unknown log\n");
        if (!note.TryVerify(keys, out var signers))
            return new WitnessAnswer(403, "no signature of the log's key\n");
        if (old > checkpoint.Size)
            return new WitnessAnswer(400, "the old size is larger than the checkpoint's\n");
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await AddAsync(old, proof, note, checkpoint, signers, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The body of a request.</summary>
    public static byte[] Request(long oldSize, IReadOnlyList<MerkleHash> proof, ReadOnlySpan<byte> checkpoint)
    {
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"old {oldSize}\n");
        foreach (var hash in proof)
            head.Append(Convert.ToBase64String(hash.ToArray())).Append('\n');
        return [.. Encoding.ASCII.GetBytes(head.Append('\n').ToString()), .. checkpoint];
    }

    public static string HashOf(string origin) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(origin)));

    public void Dispose() => _turn.Dispose();

    private async Task<WitnessAnswer> AddAsync(
        long old, List<MerkleHash> proof, SignedNote note, Checkpoint checkpoint, IReadOnlyList<VerifierKey> signers, CancellationToken cancellationToken)
    {
        var held = await HeldAsync(checkpoint.Origin, cancellationToken).ConfigureAwait(false);
        var size = held?.Size ?? 0;
        if (old != size)
            return new WitnessAnswer(409, size.ToString(CultureInfo.InvariantCulture) + "\n");
        var root = held?.Root ?? MerkleHash.Of([]);
        var goesOn = checkpoint.Size == 0 ? checkpoint.Root == MerkleHash.Of([]) && proof.Count == 0
            : size == 0 ? proof.Count == 0
            : MerkleProof.VerifyConsistency(size, checkpoint.Size, root, checkpoint.Root, proof);
        if (!goesOn)
            return new WitnessAnswer(422, "it does not go on from what was cosigned\n");
        var cosignature = cosigner.Cosign(note.Text.Span);
        var kept = new SignedNote(note.Text, [.. note.Signatures.Where(s => signers.Any(s.IsBy)), cosignature]);
        Save(checkpoint.Origin, kept.ToBytes());
        return new WitnessAnswer(200, Encoding.UTF8.GetString(SignedNote.Line(cosignature)));
    }

    private List<VerifierKey> KeysOf(string origin) =>
        [.. logs.Where(l => LogOrigin.OfSuperLog(l.Name) is { } deployment && origin.StartsWith(deployment.Prefix + "/", StringComparison.Ordinal)
            && deployment.Has(origin[(deployment.Prefix.Length + 1)..])).Select(l => l.Named(origin))];

    private async Task<Checkpoint?> HeldAsync(string origin, CancellationToken cancellationToken)
    {
        if (await NewestAsync(HashOf(origin), cancellationToken).ConfigureAwait(false) is not { } bytes)
            return null;
        // A record that is damaged must not become "never seen": that would cosign anything.
        return SignedNote.TryParse(bytes, out var note) && note.TryVerify([cosigner.Key], out _)
            && Checkpoint.TryParse(note.Text.Span, out var checkpoint) && checkpoint.Origin == origin
            ? checkpoint
            : throw new EvidenceDamagedException($"The witness's own record of {origin} is damaged, or another key made it. Nothing is cosigned.");
    }

    private void Save(string origin, byte[] note)
    {
        var place = Path.Combine(folder, HashOf(origin));
        Directory.CreateDirectory(place);
        var temporary = Path.Combine(place, "checkpoint.new");
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            file.Write(note);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, Path.Combine(place, "checkpoint"), overwrite: true);
    }

    private static bool TryHead(string head, out long old, out List<MerkleHash> proof)
    {
        (old, proof) = (0, []);
        var lines = head.Split('\n');
        if (lines.Length > 1 + MaxProof || !lines[0].StartsWith("old ", StringComparison.Ordinal) || !Checkpoint.TrySize(lines[0][4..], out old))
            return false;
        foreach (var line in lines.AsSpan(1))
        {
            if (!Base64.TryDecode(line, out var hash) || hash.Length != MerkleHash.Size)
                return false;
            proof.Add(new MerkleHash(hash));
        }

        return true;
    }
}
