using System.Buffers.Text;
using System.Security.Cryptography;

namespace Proofgate.Audit.Publishing;

/// <summary>The process's ephemeral P-256 key: its public half opens each source, its private half never leaves memory.</summary>
public sealed class ProcessKey : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public ProcessKey() => PublicKey = Base64Url.EncodeToString(_key.ExportSubjectPublicKeyInfo());

    /// <summary>SubjectPublicKeyInfo in base64url.</summary>
    public string PublicKey { get; }

    public void Dispose() => _key.Dispose();
}
