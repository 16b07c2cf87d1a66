using Microsoft.IdentityModel.Tokens;

namespace Proofgate.Identity.Tokens;

/// <summary>A public key of an issuer.</summary>
/// <param name="Id">Its <c>kid</c>, where it has one.</param>
/// <param name="Type"><c>RSA</c>, or a curve.</param>
/// <param name="Algorithm">Where given, the only one that it is for.</param>
/// <param name="Material">The public numbers as text: what makes two keys the same.</param>
/// <param name="Key">For the library.</param>
internal sealed record SigningKey(string? Id, string Type, string? Algorithm, string Material, SecurityKey Key)
{
    internal bool Fits(SignatureAlgorithm algorithm) => Type == algorithm.KeyType && (Algorithm is null || Algorithm == algorithm.Name);

    internal bool SameAs(SigningKey other) => (Id, Type, Algorithm, Material) == (other.Id, other.Type, other.Algorithm, other.Material);
}
