using System.Net;
using Proofgate.Identity.Credentials;

namespace Proofgate.Identity.Proofs;

/// <summary>Checks DPoP proofs (RFC 9449, 4.3).</summary>
internal sealed class ProofVerifier(PublicOrigins origins)
{
    /// <summary>Whether proofs are taken at all: without an origin of ours nobody can say what a proof is for.</summary>
    internal bool Enabled => origins.First is not null;

    /// <param name="credential">The credential that was sent with the proof.</param>
    /// <param name="thumbprint">Of the key that the credential is bound to (D13).</param>
    /// <param name="cancellationToken">Of the request.</param>
    internal ValueTask<ProofVerdict> VerifyAsync(Credential credential, string thumbprint, CancellationToken cancellationToken) =>
        new(new ProofVerdict.Fails(Enabled ? Refusals.Unavailable : Refusals.ProofNotAccepted));

    internal ValueTask<KeyRegistrationResult> VerifyRegistrationAsync(
        string proof, string method, string path, IPAddress? address, CancellationToken cancellationToken) =>
        new(Enabled ? new KeyRegistrationResult.Unavailable() : new KeyRegistrationResult.Refused(Refusals.ProofNotAccepted.Description));
}
