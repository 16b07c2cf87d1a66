using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Promises;

/// <summary>
/// What a process promises to whoever called it: that the record of this act, whose leaf hash it names, is in the ledger when the deadline has
/// passed. Signed by the key that its source's opening event carries, so that who keeps it can prove that a record was left out. The text and the
/// signed bytes are in this room's README.
/// </summary>
public sealed record AuditPromise
{
    /// <summary>The header that carries it.</summary>
    public const string Header = "Proofgate-Audit-Promise";

    private const string Version = "v1";
    private const int SignatureBytes = 64;

    /// <summary>32 and 64 bytes in base64url without padding.</summary>
    private const int HashText = 43;
    private const int SignatureText = 86;
    private const int MaxText = 320;

    private AuditPromise()
    {
    }

    public required AuditId Id { get; init; }

    public required SourceId Source { get; init; }

    /// <summary>The record's number in its source.</summary>
    public required long Number { get; init; }

    /// <summary>By then the leaf is in the ledger. Whole seconds, UTC.</summary>
    public required DateTimeOffset Deadline { get; init; }

    public required MerkleHash LeafHash { get; init; }

    /// <summary>ECDSA P-256 with SHA-256, r and s of 32 bytes each (IEEE P1363).</summary>
    public required ReadOnlyMemory<byte> Signature { get; init; }

    /// <summary>Reads the header's value; any other spelling than the one that is written is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out AuditPromise? promise)
    {
        promise = null;
        if (text is not { Length: <= MaxText } || text.Split('.') is not [Version, var id, var source, var number, var deadline, var hash, var signature]
            || !AuditId.TryParse(id, out var auditId)
            || source.Length != SourceId.TextLength || !SourceId.TryParse(Encoding.UTF8.GetBytes(source), out var sourceId)
            || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n) || n < 1
            || !long.TryParse(deadline, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            || !TryDecode(hash, HashText, out var leaf) || !TryDecode(signature, SignatureText, out var signed))
        {
            return false;
        }

        var read = new AuditPromise
        {
            Id = auditId,
            Source = sourceId,
            Number = n,
            Deadline = DateTimeOffset.FromUnixTimeSeconds(seconds),
            LeafHash = new MerkleHash(leaf),
            Signature = signed,
        };
        promise = read.ToString() == text ? read : null;
        return promise is not null;
    }

    /// <summary>Whether the holder of this public key made the promise.</summary>
    /// <param name="publicKey">SubjectPublicKeyInfo of a P-256 key in base64url, as a source's opening event has it.</param>
    public bool IsSignedBy(string publicKey)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(Base64Url.DecodeFromChars(publicKey), out _);
            return key.KeySize == 256 && key.VerifyData(Statement(Id, Source, Number, LeafHash, Deadline), Signature.Span, HashAlgorithmName.SHA256);
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return false;
        }
    }

    /// <summary>The header's value.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Version}.{Id}.{Source}.{Number}.{Deadline.ToUnixTimeSeconds()}.{Base64Url.EncodeToString(LeafHash.ToArray())}.{Base64Url.EncodeToString(Signature.Span)}");

    internal static AuditPromise Make(AuditId id, SourceId source, long number, MerkleHash leaf, DateTimeOffset deadline, ProcessSignature sign) => new()
    {
        Id = id,
        Source = source,
        Number = number,
        LeafHash = leaf,
        Deadline = DateTimeOffset.FromUnixTimeSeconds(deadline.ToUnixTimeSeconds()),
        Signature = sign(Statement(id, source, number, leaf, deadline)),
    };

    /// <summary>The signed bytes.</summary>
    private static byte[] Statement(AuditId id, SourceId source, long number, MerkleHash leaf, DateTimeOffset deadline)
    {
        var domain = "proofgate/audit/promise/v1\n"u8;
        var bytes = new byte[domain.Length + 16 + SourceId.Size + 8 + MerkleHash.Size + 8];
        domain.CopyTo(bytes);
        var rest = bytes.AsSpan(domain.Length);
        id.Value.TryWriteBytes(rest, bigEndian: true, out _);
        source.Write(rest[16..]);
        BinaryPrimitives.WriteInt64BigEndian(rest[32..], number);
        leaf.CopyTo(rest[40..]);
        BinaryPrimitives.WriteInt64BigEndian(rest[72..], deadline.ToUnixTimeSeconds());
        return bytes;
    }

    private static bool TryDecode(string text, int length, out byte[] bytes)
    {
        bytes = [];
        if (text.Length != length || !Base64Url.IsValid(text))
            return false;
        bytes = Base64Url.DecodeFromChars(text);
        return bytes.Length == length * 3 / 4;
    }
}
