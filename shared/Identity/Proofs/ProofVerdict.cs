namespace Proofgate.Identity.Proofs;

/// <summary>What came of a request's DPoP proof.</summary>
internal abstract record ProofVerdict
{
    private ProofVerdict()
    {
    }

    /// <param name="Nonce">A fresh nonce, where the one that was used is about to end (D20).</param>
    internal sealed record Holds(string? Nonce) : ProofVerdict;

    internal sealed record Fails(AuthenticationResult.Refused Refusal) : ProofVerdict;
}
