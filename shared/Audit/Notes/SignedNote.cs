using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Proofgate.Audit.Notes;

/// <summary>A text and its signatures (C2SP signed-note). What it says may be used only after <see cref="TryVerify"/>.</summary>
public sealed class SignedNote
{
    /// <summary>Bytes of the largest note that is read.</summary>
    public const int MaxBytes = 256 * 1024;

    private const int MaxSignatures = 64;

    private static readonly byte[] Dash = "\u2014 "u8.ToArray();

    public SignedNote(ReadOnlyMemory<byte> text, IReadOnlyList<NoteSignature> signatures) => (Text, Signatures) = (text, signatures);

    /// <summary>UTF-8, with the newline at its end.</summary>
    public ReadOnlyMemory<byte> Text { get; }

    public IReadOnlyList<NoteSignature> Signatures { get; }

    public static bool TryParse(ReadOnlySpan<byte> note, [NotNullWhen(true)] out SignedNote? read)
    {
        read = null;
        if (note.Length > MaxBytes || !Utf8.IsValid(note) || HasControl(note))
            return false;
        var split = note.LastIndexOf("\n\n"u8);
        if (split < 0 || note[^1] != '\n')
            return false;
        if (!TryParseSignatures(note[(split + 2)..], out var signatures) || signatures.Count == 0)
            return false;
        read = new SignedNote(note[..(split + 1)].ToArray(), signatures);
        return true;
    }

    /// <summary>Reads signature lines alone, as a witness answers.</summary>
    public static bool TryParseSignatures(ReadOnlySpan<byte> lines, out List<NoteSignature> signatures)
    {
        signatures = [];
        while (lines.Length > 0)
        {
            var end = lines.IndexOf((byte)'\n');
            if (end < 0 || signatures.Count == MaxSignatures || TryParseLine(lines[..end]) is not { } signature)
                return false;
            signatures.Add(signature);
            lines = lines[(end + 1)..];
        }

        return true;
    }

    /// <summary>
    /// Verifies the signatures of all known keys. Those of unknown keys are ignored; one of a known key that does not hold makes the whole note
    /// false, and so does having none.
    /// </summary>
    public bool TryVerify(IEnumerable<VerifierKey> known, out IReadOnlyList<VerifierKey> signers)
    {
        var verified = new List<VerifierKey>();
        signers = verified;
        foreach (var key in known)
        {
            foreach (var signature in Signatures.Where(s => s.IsBy(key)))
            {
                if (!key.Verify(Text.Span, signature.Value.Span))
                {
                    signers = [];
                    return false;
                }

                verified.Add(key);
            }
        }

        return verified.Count > 0;
    }

    public SignedNote With(NoteSignature signature) => new(Text, [.. Signatures, signature]);

    public byte[] ToBytes()
    {
        var bytes = new List<byte>(Text.Length + 256);
        bytes.AddRange(Text.Span);
        bytes.Add((byte)'\n');
        foreach (var signature in Signatures)
            bytes.AddRange(Line(signature));
        return [.. bytes];
    }

    internal static byte[] Line(NoteSignature signature)
    {
        var value = new byte[4 + signature.Value.Length];
        BinaryPrimitives.WriteUInt32BigEndian(value, signature.KeyId);
        signature.Value.Span.CopyTo(value.AsSpan(4));
        return Encoding.UTF8.GetBytes($"\u2014 {signature.Name} {Convert.ToBase64String(value)}\n");
    }

    private static NoteSignature? TryParseLine(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith(Dash))
            return null;
        var parts = Encoding.UTF8.GetString(line[Dash.Length..]).Split(' ');
        if (parts.Length != 2 || !VerifierKey.IsName(parts[0]) || !Base64.TryDecode(parts[1], out var value) || value.Length < 5)
            return null;
        return new NoteSignature(parts[0], BinaryPrimitives.ReadUInt32BigEndian(value), value.AsMemory(4));
    }

    private static bool HasControl(ReadOnlySpan<byte> note)
    {
        foreach (var b in note)
        {
            if (b < 0x20 && b != '\n')
                return true;
        }

        return false;
    }
}
