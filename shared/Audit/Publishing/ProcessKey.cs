using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Proofgate.Audit.Publishing;

/// <summary>The process's ephemeral P-256 key: its public half opens each source, its private half never leaves memory.</summary>
public sealed class ProcessKey : IDisposable
{
    private readonly ECParameters _parameters;

    /// <summary>One object a thread that signs at the same time: they are not made to be shared. No more than ever signed at once.</summary>
    private readonly ConcurrentBag<ECDsa> _idle = [];

    public ProcessKey()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _parameters = key.ExportParameters(includePrivateParameters: true);
        PublicKey = Base64Url.EncodeToString(key.ExportSubjectPublicKeyInfo());
        _idle.Add(key);
    }

    /// <summary>SubjectPublicKeyInfo in base64url.</summary>
    public string PublicKey { get; }

    /// <summary>ECDSA with SHA-256; r and s of 32 bytes each.</summary>
    internal byte[] Sign(ReadOnlySpan<byte> statement)
    {
        if (!_idle.TryTake(out var key))
            key = ECDsa.Create(_parameters);
        var signature = key.SignData(statement.ToArray(), HashAlgorithmName.SHA256);
        _idle.Add(key);
        return signature;
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_parameters.D);
        while (_idle.TryTake(out var key))
            key.Dispose();
    }
}
