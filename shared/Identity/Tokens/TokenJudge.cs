using System.Text.Json;
using Proofgate.Identity.Credentials;

namespace Proofgate.Identity.Tokens;

/// <summary>What a token with a good signature says, and whether it may be used here and now.</summary>
internal sealed class TokenJudge(TimeProvider time)
{
    /// <param name="token">Signed by its issuer.</param>
    /// <param name="issuer">Who signed it.</param>
    /// <param name="keyId">Of the key that it was signed with.</param>
    internal CredentialCheck Judge(PresentedToken token, Issuer issuer, string? keyId)
    {
        var claims = token.Claims;
        var options = issuer.Options;

        // 1. An access token (B12), with the claims that one has (A7).
        if (TokenType.IsOther(claims))
        {
            return Refusals.OtherTokenKind;
        }

        var subject = claims.Text("sub");
        var client = claims.Text("client_id") ?? claims.Text("azp") ?? claims.Text("appid");
        if (!ClaimText.IsName(subject) || !ClaimText.IsName(client)
            || !TokenTimes.TryGet(claims, "exp", out var expires) || !TokenTimes.TryGet(claims, "iat", out var issued)
            || (claims.TryGetProperty("jti", out _) && !ClaimText.IsName(claims.Text("jti"))))
        {
            return Refusals.TokenClaims;
        }

        // 2. For us (A4, O2).
        if (!TokenAudience.HoldsOurs(claims, issuer))
        {
            return Refusals.TokenAudience;
        }

        // 3. Now (A6), and not for longer than is good (D24).
        if (Time(claims, options, issued, expires) is { } untimely)
        {
            return untimely;
        }

        // 4. In the hands of whoever holds its keys: that is proved later.
        if (!Confirmation.TryRead(claims, out var binding))
        {
            return Refusals.TokenConfirmation;
        }

        if (binding is null && options.RequireBound)
        {
            return Refusals.TokenUnbound;
        }

        // 5. Whose it is.
        if (!ActorChain.TryRead(claims, issuer, out var actors))
        {
            return Refusals.TokenActors;
        }

        if ((string.IsNullOrEmpty(options.TenantClaim) ? options.Tenant : ClaimMap.Text(claims, options.TenantClaim)) is not { } tenant)
        {
            return Refusals.TokenTenant;
        }

        return new CredentialCheck.Genuine(
            new Caller
            {
                Subject = issuer.SubjectPrefix + subject,
                Kind = subject == client || claims.Text("idtyp") == "app" ? SubjectKind.Client : SubjectKind.User,
                Client = client!,
                Account = $"{issuer.Name}:{subject}",
                Tenant = tenant,
                Actors = actors,
                Roles = ClaimMap.Values(claims, options.RolesClaim, options.RoleMap),
                Groups = ClaimMap.Values(claims, options.GroupsClaim, options.GroupMap),
                Scopes = ScopeClaim.Read(claims),
                Method = AuthenticationMethod.Jwt,
                Thumbprint = binding?.KeyThumbprint,
                Issuer = options.Issuer,
                TokenId = claims.Text("jti"),
                SigningKeyId = keyId,
                Clearance = ClaimMap.Rank(claims, options.ClearanceClaim),
                Purpose = ClaimMap.Text(claims, options.PurposeClaim),
                Risk = ClaimMap.Risk(claims, options.RiskClaim),
                Acr = ClaimMap.Text(claims, "acr"),
                Amr = [.. ClaimMap.Values(claims, "amr", new Dictionary<string, string>()).Order(StringComparer.Ordinal)],
                AuthTime = TokenTimes.TryGet(claims, "auth_time", out var authTime) ? authTime : null,
                Expires = expires + options.ClockSkew,
            },
            binding);
    }

    private AuthenticationResult.Refused? Time(JsonElement claims, IssuerOptions options, DateTimeOffset issued, DateTimeOffset expires)
    {
        var now = time.GetUtcNow();
        if (expires + options.ClockSkew <= now)
        {
            return Refusals.ExpiredToken;
        }

        if (claims.TryGetProperty("nbf", out _) && !TokenTimes.TryGet(claims, "nbf", out _))
        {
            return Refusals.TokenClaims;
        }

        if (issued - options.ClockSkew > now || (TokenTimes.TryGet(claims, "nbf", out var start) && start - options.ClockSkew > now))
        {
            return Refusals.EarlyToken;
        }

        return expires - issued > options.MaxLifetime ? Refusals.TokenLifetime : null;
    }
}
