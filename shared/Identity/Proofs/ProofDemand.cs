using System.Net;

namespace Proofgate.Identity.Proofs;

/// <summary>What a proof must be for.</summary>
/// <param name="Method">Of the request.</param>
/// <param name="Path">Of the request, as received.</param>
/// <param name="Credential">That <c>ath</c> must be the hash of (D12). Empty: there is none.</param>
/// <param name="Thumbprint">Of the key that must have signed it (D13). Null: any key.</param>
/// <param name="Address">By N1.</param>
internal readonly record struct ProofDemand(string Method, string Path, ReadOnlyMemory<char> Credential, string? Thumbprint, IPAddress? Address)
{
    /// <summary>The credential stays out.</summary>
    public override string ToString() => $"{Method} {Path}";
}
