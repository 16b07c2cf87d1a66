using Proofgate.Identity;

namespace Proofgate.Http.Manage;

/// <summary>Takes proofs that a key pair is in the hands of whoever asks to bind a key to it (K4). Asked only of who may manage: a proof is spent by it.</summary>
public sealed class KeyProofs(KeyRegistration registration, ClientAddress addresses)
{
    private const int MaxLength = 4096;

    /// <param name="exchange">The request that asks.</param>
    /// <param name="proof">As it stood in the body.</param>
    /// <param name="path">Of the very request, the key's id in it: a proof for one key is none for another.</param>
    /// <returns>The thumbprint; else the status that the request was answered with.</returns>
    internal async Task<(string? Thumbprint, int Status)> ProveAsync(Exchange exchange, string proof, string path)
    {
        var address = addresses.Of(exchange.Http.Request.Headers, exchange.Http.Connection.RemoteIpAddress);
        var result = proof.Length is 0 or > MaxLength
            ? new KeyRegistrationResult.Refused("The proof is empty or too long.")
            : await registration.ProveAsync(proof, exchange.Http.Request.Method, path, address, exchange.ClientGone);
        switch (result)
        {
            case KeyRegistrationResult.Proved proved:
                return (proved.Thumbprint, 0);
            case KeyRegistrationResult.Refused refused:
                if (refused.Nonce is { } nonce)
                {
                    exchange.Http.Response.Headers["DPoP-Nonce"] = nonce;
                }

                return (null, await ManageDesk.RefuseAsync(exchange, 400, "invalid_dpop_proof", refused.Description));
            default:
                return (null, await ManageDesk.RefuseAsync(
                    exchange, 503, "temporarily_unavailable", "The proof cannot be checked at the moment. Try again shortly, with a new proof."));
        }
    }
}
