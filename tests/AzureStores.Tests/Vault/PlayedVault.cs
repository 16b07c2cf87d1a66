using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Proofgate.AzureStores.Accounts;
using Proofgate.AzureStores.Vault;

namespace Proofgate.AzureStores.Tests.Vault;

/// <summary>
/// A Key Vault on a loopback port with TLS, as far as its REST API is used here: it shows the public half of a P-256 key that it keeps, signs with it, and
/// gives the secrets that a test puts in it to who shows the token that it asks for.
/// A test may have it fail, lie or hang.
/// </summary>
internal sealed class PlayedVault : IAsyncDisposable
{
    private readonly X509Certificate2 _certificate;
    private readonly WebApplication _app;

    private PlayedVault()
    {
        _certificate = MakeCertificate();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_certificate)));
        _app = builder.Build();
        _app.Map("/{**path}", (RequestDelegate)AnswerAsync);
    }

    internal ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    internal Dictionary<string, string> Secrets { get; } = [];

    internal Uri Root => new(_app.Urls.First());

    internal Uri Address => new($"{_app.Urls.First()}/keys/log/0123456789abcdef");

    /// <summary>Method and path of each request, and what it says of who asks.</summary>
    internal List<(string Method, string Path, string Authorization)> Asked { get; } = [];

    /// <summary>Answers instead, if it returns true.</summary>
    internal Func<HttpContext, Task<bool>>? Instead { get; set; }

    /// <summary>What it gives for a signature.</summary>
    internal Func<byte[], byte[]>? Forge { get; set; }

    internal string Curve { get; set; } = "P-256";

    internal string? OtherKid { get; set; }

    internal static async Task<PlayedVault> StartAsync()
    {
        var vault = new PlayedVault();
        await vault._app.StartAsync();
        return vault;
    }

    /// <summary>The client of production, which trusts this vault's certificate and no other, and waits little between attempts.</summary>
    internal VaultKey Client(TimeProvider? time = null, TimeSpan? networkTimeout = null)
    {
        var options = Trusting(new Options());
        if (networkTimeout is { } timeout)
            options.Retry.NetworkTimeout = timeout;
        return new VaultKey(Address, "log", new KnownCredential(), time ?? TimeProvider.System, options);
    }

    /// <summary>The client of secrets, likewise. A vault in Azure is asked for its own domain's tokens only; a loopback address has no domain.</summary>
    internal SecretClient SecretClient() =>
        new(Root, new KnownCredential(), Trusting(new SecretClientOptions { DisableChallengeResourceVerification = true }));

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
        Key.Dispose();
    }

    private T Trusting<T>(T options)
        where T : ClientOptions
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            certificate is not null && certificate.GetCertHashString() == _certificate.GetCertHashString();
        options.Transport = new HttpClientTransport(new HttpClient(handler));
        ClientSettings.Apply(options);
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        options.Retry.MaxDelay = TimeSpan.FromMilliseconds(2);
        return options;
    }

    private async Task GiveSecretAsync(HttpContext http, string name)
    {
        if (http.Request.Headers.Authorization != "Bearer token-for-https://vault.azure.net/.default")
        {
            http.Response.StatusCode = 401;
            http.Response.Headers.WWWAuthenticate = "Bearer authorization=\"https://login.microsoftonline.com/00000000-0000-0000-0000-000000000001\", resource=\"https://vault.azure.net\"";
            return;
        }

        var versions = name.EndsWith("/versions", StringComparison.Ordinal);
        if (Secrets.TryGetValue(versions ? name[..^"/versions".Length] : name, out var value) && versions)
        {
            await http.Response.WriteAsJsonAsync(new { value = new[] { new { id = $"{Root}secrets/{name[..^"/versions".Length]}/1", attributes = new { enabled = true } } } });
            return;
        }

        if (value is not null)
        {
            await http.Response.WriteAsJsonAsync(new { id = $"{Root}secrets/{name}/1", value, attributes = new { enabled = true } });
            return;
        }

        http.Response.StatusCode = 404;
        await http.Response.WriteAsJsonAsync(new { error = new { code = "SecretNotFound", message = "There is no such secret." } });
    }

    private async Task AnswerAsync(HttpContext http)
    {
        lock (Asked)
            Asked.Add((http.Request.Method, http.Request.Path + http.Request.QueryString, http.Request.Headers.Authorization.ToString()));
        if (Instead is { } instead && await instead(http))
            return;
        if (http.Request.Path.StartsWithSegments("/secrets", out var secret))
        {
            await GiveSecretAsync(http, secret.Value!.Trim('/'));
            return;
        }

        var kid = OtherKid ?? Address.ToString();
        if (http.Request.Method == "GET")
        {
            var point = Key.ExportParameters(false).Q;
            var (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
            await http.Response.WriteAsync($$$"""{"key":{"kid":"{{{kid}}}","kty":"EC-HSM","key_ops":["sign"],"crv":"{{{Curve}}}","x":"{{{x}}}","y":"{{{y}}}"},"attributes":{"enabled":true}}""");
            return;
        }

        using var asked = await JsonDocument.ParseAsync(http.Request.Body);
        Assert.Equal("ES256", asked.RootElement.GetProperty("alg").GetString());
        var digest = Base64Url.DecodeFromChars(asked.RootElement.GetProperty("value").GetString());
        var signature = Forge?.Invoke(digest) ?? Key.SignHash(digest, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        await http.Response.WriteAsync($$"""{"kid":"{{kid}}","value":"{{Base64Url.EncodeToString(signature)}}"}""");
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var made = new CertificateRequest("CN=vault.local", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    private sealed class Options : ClientOptions;
}
