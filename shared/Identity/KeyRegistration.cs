using System.Net;
using Proofgate.Identity.Proofs;

namespace Proofgate.Identity;

/// <summary>
/// Proof of possession for binding an API key to a key pair (K4): a DPoP proof for the very request that asks for it, made with the new key.
/// That the caller may bind at all is for policy to say.
/// </summary>
public sealed class KeyRegistration
{
    private readonly ProofVerifier _proofs;

    internal KeyRegistration(ProofVerifier proofs) => _proofs = proofs;

    /// <summary>The proof is spent by this, as by any other request.</summary>
    /// <param name="proof">Compact JWS (RFC 9449, 4.2). No <c>ath</c> is asked for: there is no credential yet that goes with the key.</param>
    /// <param name="method">Of the request, as received.</param>
    /// <param name="path">Of the request, as received, without the query string.</param>
    /// <param name="address">By N1; signature checks are limited by it.</param>
    /// <param name="cancellationToken">Of the request.</param>
    public ValueTask<KeyRegistrationResult> ProveAsync(
        string proof, string method, string path, IPAddress? address, CancellationToken cancellationToken) =>
        _proofs.VerifyRegistrationAsync(proof, method, path, address, cancellationToken);
}
