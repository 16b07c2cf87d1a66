using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Proofgate.AzureStores.Accounts;
using Proofgate.AzureStores.Policies;
using Proofgate.AzureStores.Tests.Vault;
using Proofgate.AzureStores.Vault;

namespace Proofgate.AzureStores.Tests.Policies;

/// <summary>The one request, as Key Vault's REST API 7.4 describes it, to a vault that the test plays.</summary>
public sealed class KeyVaultSignerTests
{
    private static readonly Uri Key = new("https://name.vault.azure.net/keys/policy/0123");

    [Fact]
    public async Task Signature_IsOfTheDigest_ByTheKeyOfTheVault()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var vault = new Answers(body =>
        {
            var asked = JsonDocument.Parse(body).RootElement;
            Assert.Equal("ES256", asked.GetProperty("alg").GetString());
            var signature = key.SignHash(Base64Url.DecodeFromChars(asked.GetProperty("value").GetString()), DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            return (HttpStatusCode.OK, $$"""{"kid":"{{Key}}","value":"{{Base64Url.EncodeToString(signature)}}"}""");
        });
        var signer = Signer(vault);
        var data = Encoding.UTF8.GetBytes("what is signed");
        var signed = await signer.SignAsync(data, CancellationToken.None);
        Assert.True(key.VerifyData(data, signed, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        Assert.Equal(("manage", HttpMethod.Post, "https://name.vault.azure.net/keys/policy/0123/sign?api-version=7.4", "Bearer token-for-https://vault.azure.net/.default"),
            (signer.Key, vault.Method, vault.Address, vault.Authorization));
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, "{}")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "")]
    [InlineData(HttpStatusCode.OK, "")]
    [InlineData(HttpStatusCode.OK, "{}")]
    [InlineData(HttpStatusCode.OK, "{\"value\":1}")]
    [InlineData(HttpStatusCode.OK, "{\"value\":\"!\"}")]
    public async Task VaultThatDoesNotSign_IsAnOutage_WithoutItsWords(HttpStatusCode status, string body)
    {
        using var vault = new Answers(_ => (status, body));
        var signer = Signer(vault);
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await signer.SignAsync(new byte[1], CancellationToken.None));
        Assert.StartsWith("The key 'manage' in Key Vault did not sign: ", error.Message, StringComparison.Ordinal);
    }

    private static KeyVaultSigner Signer(Answers vault)
    {
        var options = ClientSettings.Apply(new Options { Transport = new HttpClientTransport(vault) });
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        options.Retry.MaxDelay = TimeSpan.FromMilliseconds(2);
        return new KeyVaultSigner(new VaultKey(Key, "manage", new KnownCredential(), TimeProvider.System, options), "manage");
    }

    private sealed class Options : ClientOptions;

    private sealed class Answers(Func<string, (HttpStatusCode Status, string Body)> answer) : HttpMessageHandler
    {
        internal HttpMethod? Method { get; private set; }

        internal string? Address { get; private set; }

        internal string? Authorization { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            (Method, Address, Authorization) = (request.Method, request.RequestUri!.ToString(), request.Headers.Authorization!.ToString());
            var (status, body) = answer(await request.Content!.ReadAsStringAsync(cancellationToken));
            return new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        }
    }
}
