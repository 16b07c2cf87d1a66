using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Proofgate.Audit.Sealing;
using Proofgate.Identity;

namespace Proofgate.Enforcement.Provenance;

/// <summary>
/// Keys of lineage tokens: HKDF-SHA256 of a secret of the deployment, with the token's salt, for one caller. Version 0 follows from the audit
/// master key; the others are settings, which can be changed while tokens of the ones before are still good.
/// </summary>
internal sealed class LineageKeys
{
    private const int KeyLength = 32;

    private readonly byte[] _derived;
    private readonly IOptionsMonitor<LineageSecretOptions> _secrets;

    internal LineageKeys(LineageSecret derived, IOptionsMonitor<LineageSecretOptions> secrets) => (_derived, _secrets) = (derived.Derive(), secrets);

    /// <summary>The version that new tokens are sealed under.</summary>
    internal int Newest => _secrets.CurrentValue.Newest;

    /// <returns>Null where there is no secret of that version.</returns>
    internal byte[]? Of(int version, Caller caller, ReadOnlySpan<byte> salt)
    {
        var secret = version == 0 ? _derived : _secrets.CurrentValue.Find(version);
        if (secret is null)
        {
            return null;
        }

        var key = new byte[KeyLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, salt, Encoding.UTF8.GetBytes($"proofgate lineage v1\n{CallerName.Of(caller)}"));
        return key;
    }
}
