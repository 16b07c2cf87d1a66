using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Proofgate.Client.Proofs;

namespace Proofgate.Client;

/// <summary>
/// An ES256 key pair (P-256) that proofs are made with. A secret: it prints its thumbprint and nothing else. For any number of threads.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class DpopKeyPair : IDisposable
{
    private const string P256 = "1.2.840.10045.3.1.7";
    private const int MaxPemLength = 16 * 1024;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly ECDsa _key;
    private readonly Lock _signing = new();

    private DpopKeyPair(ECDsa key)
    {
        _key = key;
        var point = key.ExportParameters(includePrivateParameters: false).Q;

        // Members in the order and without the spaces that RFC 7638, 3.3 asks for: the same text serves header and thumbprint.
        PublicJwk = $$"""{"crv":"P-256","kty":"EC","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}""";
        Thumbprint = ThumbprintOf(PublicJwk);
    }

    /// <summary>SHA-256 thumbprint of the public key (RFC 7638), base64url: what a key or token is bound to.</summary>
    public string Thumbprint { get; }

    /// <summary>The public key as JWK (RFC 7517).</summary>
    public string PublicJwk { get; }

    public static DpopKeyPair Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads a private key from PEM: PKCS#8 or SEC 1, not encrypted.</summary>
    /// <exception cref="CryptographicException">It holds no P-256 private key.</exception>
    public static DpopKeyPair FromPem(ReadOnlySpan<char> pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            if (key.ExportParameters(includePrivateParameters: true) is { D: not null, Curve.Oid.Value: P256 })
            {
                return new DpopKeyPair(key);
            }
        }
        catch (Exception failure) when (failure is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new CryptographicException("The PEM holds no private key that can be read: an unencrypted PKCS#8 or SEC 1 key is needed.", failure);
        }

        key.Dispose();
        throw new CryptographicException("The PEM holds another key than P-256, the curve of ES256.");
    }

    /// <exception cref="CryptographicException">The file holds no P-256 private key.</exception>
    /// <exception cref="IOException">It cannot be read, or is larger than any key.</exception>
    public static DpopKeyPair Load(string path)
    {
        using var file = File.OpenRead(path);
        if (file.Length > MaxPemLength)
        {
            throw new IOException($"{path} is larger than {MaxPemLength} bytes: it is no key.");
        }

        using var reader = new StreamReader(file, Encoding.UTF8);
        return FromPem(reader.ReadToEnd());
    }

    /// <summary>Writes the private key to a new file (PKCS#8, PEM) that only its owner may read. An existing file is never replaced.</summary>
    /// <exception cref="IOException">The file exists or cannot be written.</exception>
    public void Save(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(path, new UTF8Encoding(false), options);
        writer.WriteLine(_key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>
    /// Makes a proof that this pair is ours, for binding an API key to it: it goes into the body of <c>POST /manage/keys</c> or
    /// <c>/manage/keys/{kid}/bind</c>. It is good for that one request.
    /// </summary>
    /// <param name="method">Of the request that it will be sent in.</param>
    /// <param name="uri">Of that request, as the gateway's clients see it.</param>
    /// <param name="nonce">The gateway's <c>DPoP-Nonce</c>, where it asked for one.</param>
    /// <param name="time">The clock; null: the system's.</param>
    public string Prove(HttpMethod method, Uri uri, string? nonce = null, TimeProvider? time = null) =>
        new ProofMaker(this, time ?? TimeProvider.System).Make(method.Method, uri, null, nonce);

    public override string ToString() => $"(P-256 key pair {Thumbprint})";

    public void Dispose() => _key.Dispose();

    internal static string ThumbprintOf(string canonicalJwk) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(canonicalJwk)));

    /// <summary>ES256: SHA-256, and the signature as R and S in 64 bytes (RFC 7518, 3.4).</summary>
    internal byte[] Sign(ReadOnlySpan<byte> data)
    {
        lock (_signing)
        {
            return _key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
    }
}
