using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Proofgate.Audit.Sealing;

/// <summary>Keys derived from the deployment's master key by HKDF-SHA256 (RFC 5869), one for each purpose.</summary>
public sealed class AuditKeys
{
    private readonly byte[] _master;

    public AuditKeys(IOptions<AuditOptions> options)
        : this(options.Value.MasterKeyBytes())
    {
    }

    private AuditKeys(byte[] master) => _master = master;

    /// <param name="master">32 bytes.</param>
    public static AuditKeys FromMaster(ReadOnlySpan<byte> master) =>
        master.Length == 32 ? new(master.ToArray()) : throw new ArgumentException("The master key has 32 bytes.", nameof(master));

    internal byte[] Derive(string purpose, string scope = "")
    {
        var info = Encoding.UTF8.GetBytes($"proofgate/audit/{purpose}/v1\n{scope}");
        return HKDF.DeriveKey(HashAlgorithmName.SHA256, _master, 32, salt: [], info);
    }

    /// <summary>Never a key.</summary>
    public override string ToString() => nameof(AuditKeys);
}
