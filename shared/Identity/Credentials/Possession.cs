using Proofgate.Identity.Certificates;
using Proofgate.Identity.Proofs;

namespace Proofgate.Identity.Credentials;

/// <summary>The last step of authentication: a credential that is bound to a key is worth nothing without it.</summary>
internal sealed class Possession(ProofVerifier proofs, ClientCertificates certificates)
{
    /// <summary>Completes at once for what is sent as Bearer.</summary>
    internal ValueTask<AuthenticationResult> ProveAsync(in Credential credential, CredentialCheck check, CancellationToken cancellationToken)
    {
        if (check is not CredentialCheck.Genuine genuine)
        {
            return new(((CredentialCheck.Refused)check).Refusal);
        }

        var bound = genuine.Binding?.KeyThumbprint;
        if (credential.Carrier == CredentialCarrier.DPoP)
        {
            // D16: what is bound to nothing proves nothing.
            return bound is null
                ? new(proofs.Enabled ? Refusals.UnboundWithProof : Refusals.ProofNotAccepted)
                : ProveKeyAsync(credential, genuine, bound, cancellationToken);
        }

        if (credential.Request.Headers.ContainsKey("DPoP"))
        {
            // D17: a proof that nobody looks at must not pass for one that holds.
            return new(Refusals.ProofWithoutScheme);
        }

        return new(bound is null ? ProveCertificate(credential, genuine, null) : Refusals.BoundCredential);
    }

    private async ValueTask<AuthenticationResult> ProveKeyAsync(
        Credential credential, CredentialCheck.Genuine genuine, string thumbprint, CancellationToken cancellationToken) =>
        await proofs.VerifyAsync(credential, thumbprint, cancellationToken).ConfigureAwait(false) switch
        {
            ProofVerdict.Holds holds => ProveCertificate(credential, genuine, holds.Nonce),
            var failed => ((ProofVerdict.Fails)failed).Refusal,
        };

    /// <summary>M1, M6, M7.</summary>
    private AuthenticationResult ProveCertificate(in Credential credential, CredentialCheck.Genuine genuine, string? nonce) =>
        genuine.Binding?.CertificateThumbprint is { } thumbprint && !certificates.Matches(credential.Request, thumbprint)
            ? Refusals.WrongCertificate
            : new AuthenticationResult.Authenticated(genuine.Caller with { Address = credential.Address, Bound = genuine.Binding is not null }, nonce);
}
