using System.Text.Json;

namespace Proofgate.Identity.Tokens;

/// <summary><c>act</c> (RFC 8693, 4.1): who acts for the subject, and who acted before.</summary>
internal static class ActorChain
{
    internal const int MaxDepth = 8;

    /// <param name="claims">Of the token.</param>
    /// <param name="issuer">Its issuer. It cannot speak of another's subjects.</param>
    /// <param name="actors">The current actor first.</param>
    /// <returns>False for a chain that is malformed or too deep: who acts must not be hidden by it.</returns>
    internal static bool TryRead(JsonElement claims, Issuer issuer, out IReadOnlyList<string> actors)
    {
        var chain = new List<string>();
        actors = chain;
        for (var holder = claims; holder.TryGetProperty("act", out var actor); holder = actor)
        {
            if (chain.Count == MaxDepth
                || actor.ValueKind != JsonValueKind.Object
                || actor.Text("sub") is not { } subject
                || !ClaimText.IsName(subject)
                || (actor.TryGetProperty("iss", out _) && actor.Text("iss") != issuer.Options.Issuer))
            {
                return false;
            }

            chain.Add(issuer.SubjectPrefix + subject);
        }

        return true;
    }
}
