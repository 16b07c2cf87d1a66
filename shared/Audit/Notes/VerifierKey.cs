using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace Proofgate.Audit.Notes;

/// <summary>
/// A public key under a name, as C2SP signed-note writes it: <c>name+id+base64(type || key)</c>. The name is bound into the id, so one key pair
/// has another id under each name.
/// </summary>
public sealed class VerifierKey : IEquatable<VerifierKey>
{
    private const int MaxLength = 2048;
    private const int Ed25519Bytes = 32;
    private const int TimestampBytes = 8;

    private VerifierKey(string name, NoteKeyType type, byte[] publicKey)
    {
        Name = name;
        Type = type;
        PublicKey = publicKey;
        Id = IdOf(name, type, publicKey);
    }

    public string Name { get; }

    /// <summary>The first four bytes of a hash: an identifier and no proof of anything.</summary>
    public uint Id { get; }

    public NoteKeyType Type { get; }

    /// <summary>32 bytes of Ed25519, or the DER of SubjectPublicKeyInfo.</summary>
    public ReadOnlyMemory<byte> PublicKey { get; }

    /// <exception cref="ArgumentException">The name or the key is not one.</exception>
    public static VerifierKey Create(string name, NoteKeyType type, ReadOnlySpan<byte> publicKey) =>
        IsName(name) && IsKey(type, publicKey)
            ? new VerifierKey(name, type, publicKey.ToArray())
            : throw new ArgumentException("Not a key's name, or not a public key of its type.");

    /// <summary>Reads a verifier key. The id must be the one that the name and the key give.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out VerifierKey? key)
    {
        key = null;
        if (text is null || text.Length > MaxLength)
            return false;
        var parts = text.Split('+', 3);
        Span<byte> bytes = stackalloc byte[MaxLength];
        if (parts.Length != 3 || !IsName(parts[0]) || parts[1].Length != 8
            || !uint.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id)
            || !Convert.TryFromBase64String(parts[2], bytes, out var length) || length < 2)
        {
            return false;
        }

        var type = (NoteKeyType)bytes[0];
        if (!IsKey(type, bytes[1..length]))
            return false;
        var read = new VerifierKey(parts[0], type, bytes[1..length].ToArray());
        key = read.Id == id ? read : null;
        return key is not null;
    }

    /// <summary>The same key pair under another name.</summary>
    public VerifierKey Named(string name) => Create(name, Type, PublicKey.Span);

    /// <summary>Whether <paramref name="signature"/>, without the key's id, is this key's over a note's text.</summary>
    public bool Verify(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        switch (Type)
        {
            case NoteKeyType.Ed25519:
                return VerifyEd25519(text, signature);
            case NoteKeyType.Ecdsa:
                using (var ecdsa = ECDsa.Create())
                {
                    ecdsa.ImportSubjectPublicKeyInfo(PublicKey.Span, out _);
                    return ecdsa.VerifyData(text, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
                }

            default:
                return TryTimeOf(signature, out var time) && VerifyEd25519(Cosigned(text, time), signature[TimestampBytes..]);
        }
    }

    /// <summary>The POSIX time that a cosignature carries.</summary>
    internal static bool TryTimeOf(ReadOnlySpan<byte> cosignature, out long time)
    {
        time = cosignature.Length > TimestampBytes ? BinaryPrimitives.ReadInt64BigEndian(cosignature) : -1;
        return time >= 0;
    }

    /// <summary>What a cosignature signs.</summary>
    internal static byte[] Cosigned(ReadOnlySpan<byte> text, long time) =>
        [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {time}\n")), .. text];

    /// <summary>No space of any kind, no plus and no control character (C2SP signed-note).</summary>
    internal static bool IsName(string name) =>
        name.Length is > 0 and <= 512 && !name.Any(static c => c == '+' || char.IsWhiteSpace(c) || char.IsControl(c) || char.IsSurrogate(c));

    public bool Equals(VerifierKey? other) =>
        other is not null && Name == other.Name && Type == other.Type && PublicKey.Span.SequenceEqual(other.PublicKey.Span);

    public override bool Equals(object? obj) => Equals(obj as VerifierKey);

    public override int GetHashCode() => HashCode.Combine(Name, Id);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}+{Id:x8}+{Convert.ToBase64String([(byte)Type, .. PublicKey.Span])}");

    private bool VerifyEd25519(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureAlgorithm.Ed25519.SignatureSize
        && NSec.Cryptography.PublicKey.TryImport(SignatureAlgorithm.Ed25519, PublicKey.Span, KeyBlobFormat.RawPublicKey, out var key)
        && SignatureAlgorithm.Ed25519.Verify(key!, text, signature);

    private static uint IdOf(string name, NoteKeyType type, byte[] publicKey)
    {
        // ECDSA's id does not bind the name: so the first witnesses did it, and so it stands in the specification.
        byte[] named = type == NoteKeyType.Ecdsa ? publicKey : [.. Encoding.UTF8.GetBytes(name), (byte)'\n', (byte)type, .. publicKey];
        return BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(named));
    }

    private static bool IsKey(NoteKeyType type, ReadOnlySpan<byte> publicKey) => type switch
    {
        NoteKeyType.Ed25519 or NoteKeyType.Cosignature => publicKey.Length == Ed25519Bytes,
        NoteKeyType.Ecdsa => IsP256(publicKey),
        _ => false,
    };

    private static bool IsP256(ReadOnlySpan<byte> publicKey)
    {
        try
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportSubjectPublicKeyInfo(publicKey, out var read);
            return read == publicKey.Length && ecdsa.ExportParameters(false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
