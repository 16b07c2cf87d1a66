using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using NSec.Cryptography;

namespace Proofgate.Audit.Notes;

/// <summary>Ed25519 with the private key in this process. Its text form is that of Go's note package: <c>PRIVATE+KEY+name+id+base64(1 || seed)</c>.</summary>
public sealed class Ed25519Signer : ILogSigner, IDisposable
{
    private const string Prefix = "PRIVATE+KEY+";
    private const int SeedBytes = 32;

    private readonly Key _key;

    private Ed25519Signer(Key key)
    {
        _key = key;
        PublicKey = key.PublicKey.Export(KeyBlobFormat.RawPublicKey);
    }

    public NoteKeyType Type => NoteKeyType.Ed25519;

    public ReadOnlyMemory<byte> PublicKey { get; }

    public static Ed25519Signer Generate() => new(Key.Create(
        SignatureAlgorithm.Ed25519, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport }));

    /// <summary>Reads the text form. The id must be the key's under that name.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Ed25519Signer? signer, [NotNullWhen(true)] out string? name)
    {
        (signer, name) = (null, null);
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal) || text.Length > 1024)
            return false;
        var parts = text[Prefix.Length..].Split('+', 3);
        if (parts.Length != 3 || !VerifierKey.IsName(parts[0]) || !Base64.TryDecode(parts[2], out var bytes)
            || bytes.Length != 1 + SeedBytes || bytes[0] != (byte)NoteKeyType.Ed25519)
        {
            return false;
        }

        var read = new Ed25519Signer(Key.Import(
            SignatureAlgorithm.Ed25519, bytes.AsSpan(1), KeyBlobFormat.RawPrivateKey,
            new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport }));
        if (read.KeyFor(parts[0]).Id.ToString("x8", CultureInfo.InvariantCulture) != parts[1])
        {
            read.Dispose();
            return false;
        }

        (signer, name) = (read, parts[0]);
        return true;
    }

    /// <summary>The private key, for a file that only its owner may read.</summary>
    public string Reveal(string name)
    {
        byte[] bytes = [(byte)Type, .. _key.Export(KeyBlobFormat.RawPrivateKey)];
        return string.Create(CultureInfo.InvariantCulture, $"{Prefix}{name}+{this.KeyFor(name).Id:x8}+{Convert.ToBase64String(bytes)}");
    }

    public ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken) => ValueTask.FromResult(Sign(text.Span));

    internal byte[] Sign(ReadOnlySpan<byte> message) => SignatureAlgorithm.Ed25519.Sign(_key, message);

    public void Dispose() => _key.Dispose();
}
