using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Proofgate.Benchmarks.Micro;

/// <summary>An issuer of access tokens on loopback, with one P-256 key.</summary>
internal sealed class Issuer : IAsyncDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly WebApplication _app;
    private int _tokens;

    private Issuer(WebApplication app) => _app = app;

    internal Dictionary<string, string?> Settings => new()
    {
        ["Proofgate:Issuers:bench:Issuer"] = _app.Urls.Single(),
        ["Proofgate:Issuers:bench:JwksUri"] = _app.Urls.Single() + "/jwks",
        ["Proofgate:Issuers:bench:Audiences:0"] = "bench",
        ["Proofgate:Issuers:bench:Tenant"] = "default",
    };

    internal static async Task<Issuer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static k => k.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var issuer = new Issuer(app);
        app.MapGet("/jwks", issuer.Keys);
        await app.StartAsync();
        return issuer;
    }

    /// <summary>A token that no other is equal to.</summary>
    internal string Token(string? thumbprint = null)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var bound = thumbprint is null ? string.Empty : $$""","cnf":{"jkt":"{{thumbprint}}"}""";
        return Compact(
            """{"typ":"at+jwt","alg":"ES256","kid":"k"}""",
            $$"""{"iss":"{{_app.Urls.Single()}}","aud":"bench","sub":"bench","client_id":"bench","iat":{{now}},"exp":{{now + 3600}},"jti":"{{Interlocked.Increment(ref _tokens)}}","roles":["developer"]{{bound}}}""",
            _key);
    }

    internal static string Compact(string header, string claims, ECDsa key)
    {
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private string Keys()
    {
        var point = _key.ExportParameters(false).Q;
        return $$"""{"keys":[{"kty":"EC","crv":"P-256","kid":"k","use":"sig","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}]}""";
    }
}
