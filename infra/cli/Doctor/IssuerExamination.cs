using System.Text.Json;

namespace Proofgate.Cli.Doctor;

/// <summary>An issuer of tokens, as the gateway will find it: its metadata (OpenID Connect discovery) and its keys.</summary>
internal static class IssuerExamination
{
    internal static async Task<Finding> LookAsync(string issuer, CancellationToken cancellationToken)
    {
        var check = $"issuer {issuer}";
        if (!Uri.TryCreate(issuer, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttps && !address.IsLoopback))
        {
            return Finding.Failed(check, "it is no https address", "set Proofgate:Issuers:*:Issuer as the issuer's own metadata spells it");
        }

        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = Reach.Patience });
        var metadata = await Probe.GetAsync(http.SendAsync, $"{issuer.TrimEnd('/')}/.well-known/openid-configuration", cancellationToken);
        if (metadata.Problem is { } problem)
        {
            return Finding.Failed(check, $"its metadata cannot be read: {problem}", "check the address and this network; cached keys are used for 24 h, then its tokens get 503");
        }

        if (Probe.Text(metadata.Json, "issuer") is not { } named || named != issuer)
        {
            return Finding.Failed(check, "its metadata is another issuer's, or none", "set Proofgate:Issuers:*:Issuer as the issuer's own metadata spells it, the slash at the end included");
        }

        if (Probe.Text(metadata.Json, "jwks_uri") is not { } keys || !Uri.TryCreate(keys, UriKind.Absolute, out var where) || (where.Scheme != Uri.UriSchemeHttps && !where.IsLoopback))
        {
            return Finding.Failed(check, "its metadata names no https address of keys", "ask who runs it");
        }

        var set = await Probe.GetAsync(http.SendAsync, keys, cancellationToken);
        return set.Json is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty("keys", out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0
            ? Finding.Ok(check, $"its metadata agrees, and it has {list.GetArrayLength()} keys")
            : Finding.Failed(check, "it shows no keys", "ask who runs it; no token of it can be verified");
    }
}
