using System.Security.Cryptography;

namespace Proofgate.Identity.Proofs;

/// <summary>
/// The signature algorithms that proofs may use (D5; RFC 7518, 3.1). This list is what is checked and what is advertised. Not in it: whatever is
/// symmetric or unsigned, RSA with PKCS#1 padding, and EdDSA, which .NET does not have.
/// </summary>
/// <param name="Name">As in <c>alg</c>.</param>
/// <param name="Hash">That is signed.</param>
/// <param name="Curve">Null: RSA with PSS padding.</param>
internal sealed record ProofAlgorithm(string Name, HashAlgorithmName Hash, ProofCurve? Curve)
{
    internal static IReadOnlyList<ProofAlgorithm> All { get; } =
    [
        new("ES256", HashAlgorithmName.SHA256, ProofCurve.P256),
        new("ES384", HashAlgorithmName.SHA384, ProofCurve.P384),
        new("ES512", HashAlgorithmName.SHA512, ProofCurve.P521),
        new("PS256", HashAlgorithmName.SHA256, null),
    ];

    /// <summary>For <c>algs</c> in a challenge (RFC 9449, 5.1).</summary>
    internal static string Names { get; } = string.Join(' ', All.Select(static a => a.Name));

    internal static ProofAlgorithm? Find(string? name) => All.FirstOrDefault(a => a.Name == name);
}
