namespace Proofgate.Identity;

/// <summary>Key <c>Proofgate:PublicOrigins</c>.</summary>
public sealed class PublicOriginsOptions
{
    public const string Section = "Proofgate";

    /// <summary>
    /// The origins under which clients reach this deployment, for example <c>https://gateway.example.com</c>; the first one is its name. Proofs
    /// are checked against them (D9), and never against Host or X-Forwarded-*. Empty: no proof of possession is taken.
    /// </summary>
    public IList<string> PublicOrigins { get; } = [];

    internal IEnumerable<string> Problems()
    {
        if (PublicOrigins.Count > 16)
        {
            yield return $"{Section}:{nameof(PublicOrigins)} may have 16 entries.";
        }

        for (var i = 0; i < PublicOrigins.Count; i++)
        {
            if (!Identity.PublicOrigins.TryParse(PublicOrigins[i], out _))
            {
                yield return $"{Section}:{nameof(PublicOrigins)}:{i} must be an origin: https (http on loopback only), a host (in its ASCII form), a port if need be, and nothing behind it.";
            }
        }
    }
}
