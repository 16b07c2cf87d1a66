using Proofgate.Identity.Credentials;

namespace Proofgate.Identity.Tokens;

/// <summary>A token that was found genuine, and the keys that this was judged by.</summary>
/// <param name="Issuer">Whose keys they are.</param>
/// <param name="Keys">The issuer's keys at that time: with others the token is judged again.</param>
/// <param name="Check">What it says.</param>
internal sealed record VerifiedToken(Issuer Issuer, KeySet Keys, CredentialCheck.Genuine Check);
