using System.Security.Cryptography;
using Proofgate.AzureStores.Vault;
using Proofgate.Policy.Signing;

namespace Proofgate.AzureStores.Policies;

/// <summary>
/// Signs policy by a key that nobody can read. What it signs is verified under the host's public key before it is used, so a wrong key is found at the
/// first activation.
/// </summary>
internal sealed class KeyVaultSigner(VaultKey key, string name) : IPolicySigner
{
    public string Key => name;

    public async ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        await key.SignAsync(SHA256.HashData(data.Span), cancellationToken).ConfigureAwait(false);
}
