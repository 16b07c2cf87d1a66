namespace Proofgate.Identity.Tokens;

/// <summary>A signature algorithm of RFC 7518, 3.1. Those that are not here do not exist: none, HS*, RSA with SHA-1 (B2).</summary>
/// <param name="Name">As in <c>alg</c>.</param>
/// <param name="KeyType">The one kind of key that it goes with: <c>RSA</c>, or a curve.</param>
internal sealed record SignatureAlgorithm(string Name, string KeyType)
{
    internal const string Rsa = "RSA";
    internal const string P256 = "P-256";
    internal const string P384 = "P-384";
    internal const string P521 = "P-521";

    private static readonly SignatureAlgorithm[] All =
    [
        new("RS256", Rsa), new("RS384", Rsa), new("RS512", Rsa), new("PS256", Rsa), new("PS384", Rsa), new("PS512", Rsa),
        new("ES256", P256), new("ES384", P384), new("ES512", P521),
    ];

    internal static IReadOnlyList<string> Default { get; } = ["RS256", "PS256", "ES256"];

    internal static IEnumerable<string> Names => All.Select(static a => a.Name);

    internal static SignatureAlgorithm? Find(string name) => Array.Find(All, a => a.Name == name);
}
