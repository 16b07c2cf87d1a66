namespace Proofgate.Identity;

/// <summary>One use of one proof (D14).</summary>
/// <param name="Digest">Base64url of SHA-256 over the thumbprint and the proof's id: who uses a proof again uses this again.</param>
/// <param name="Thumbprint">Of the key that signed it.</param>
/// <param name="Issued">The proof's own <c>iat</c>, in whole seconds: every instance files it under the same one.</param>
public sealed record ProofUse(string Digest, string Thumbprint, DateTimeOffset Issued);
