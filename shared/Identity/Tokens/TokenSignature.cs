using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Proofgate.Identity.Tokens;

/// <summary>
/// The signature of a token (A5), checked by the library against exactly the keys that may have made it, over the bytes that
/// <see cref="TokenReader"/> has read: no second reader of the token can see another one.
/// </summary>
internal static class TokenSignature
{
    /// <param name="token">Three parts of canonical base64url.</param>
    /// <param name="algorithm">One that is pinned for the issuer.</param>
    /// <param name="keys">The issuer's, of the algorithm's own kind.</param>
    /// <returns>The key that signed, or null.</returns>
    internal static SigningKey? Verify(ReadOnlySpan<char> token, SignatureAlgorithm algorithm, IReadOnlyList<SigningKey> keys)
    {
        var end = token.LastIndexOf('.');
        if (end < 0 || !TokenReader.TryDecode(token[(end + 1)..], out var signature))
        {
            return null;
        }

        var signed = new byte[end];
        return Encoding.ASCII.TryGetBytes(token[..end], signed, out _) ? keys.FirstOrDefault(key => Verify(signed, signature, algorithm, key.Key)) : null;
    }

    private static bool Verify(byte[] signed, byte[] signature, SignatureAlgorithm algorithm, SecurityKey key)
    {
        var factory = key.CryptoProviderFactory;
        var provider = factory.CreateForVerifying(key, algorithm.Name);
        try
        {
            return provider.Verify(signed, signature);
        }
        finally
        {
            factory.ReleaseSignatureProvider(provider);
        }
    }
}
