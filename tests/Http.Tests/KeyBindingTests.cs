using Microsoft.Extensions.DependencyInjection;
using Proofgate.Audit.Events;
using Proofgate.Client;
using Proofgate.Http.Tests.Support;
using Proofgate.Identity;
using Proofgate.Identity.ApiKeys;

namespace Proofgate.Http.Tests;

/// <summary>K4 whole: a key pair is registered with a proof, and from then on the key is nothing without it.</summary>
[Trait("Rule", "K4")]
public sealed class KeyBindingTests
{
    private const string Origin = "https://gateway.example.com";

    [Fact]
    [Trait("Rule", "K9")]
    public async Task KeyThatIsMadeWithAProof_IsBound_AndNeedsProofs()
    {
        await using var gateway = await StartAsync();
        using var pair = DpopKeyPair.Create();
        var created = await gateway.PostAsync(
            "/manage/keys", $$"""{"name":"n","owner":"o","roles":["developer"],"proof":"{{Prove(pair, "/manage/keys")}}"}""", await gateway.AdministratorAsync());
        Assert.Equal((201, pair.Thumbprint), (created.Status, (string?)created.Json["record"]!["thumbprint"]));
        await AssertBoundAsync(gateway, (string)created.Json["key"]!, pair);
        Assert.Equal("created", Assert.Single(gateway.Stream.Of<KeyEvent>()).Act);
    }

    [Fact]
    [Trait("Rule", "K9")]
    public async Task BoundKey_IsNothingWithoutItsPair_IsNotBoundAgain_AndItsSuccessorIsBoundToo()
    {
        await using var gateway = await StartAsync();
        var (admin, key) = (await gateway.AdministratorAsync(), await gateway.DeveloperAsync());
        using var pair = DpopKeyPair.Create();
        var path = $"/manage/keys/{Kid(key)}/bind";
        var bound = await gateway.PostAsync(path, Body(Prove(pair, path)), admin);
        Assert.Equal((200, pair.Thumbprint), (bound.Status, (string?)bound.Json["thumbprint"]));
        await AssertBoundAsync(gateway, key, pair);
        var recorded = Assert.Single(gateway.Stream.Of<KeyEvent>());
        Assert.Equal(("bound", Kid(key), Kid(admin)), (recorded.Act, recorded.KeyId, recorded.By));

        using var other = DpopKeyPair.Create();
        var again = await gateway.PostAsync(path, Body(Prove(other, path)), admin);
        Assert.Equal((409, "key_already_bound"), (again.Status, again.Code));

        var rotated = await gateway.PostAsync($"/manage/keys/{Kid(key)}/rotate", "{}", admin);
        await AssertBoundAsync(gateway, (string)rotated.Json["key"]!, pair);
    }

    [Fact]
    public async Task ProofForOneKey_IsNoneForAnother_NorForAnythingElse_NorTwice()
    {
        await using var gateway = await StartAsync();
        var (admin, one, two) = (await gateway.AdministratorAsync(), await gateway.DeveloperAsync(), await gateway.DeveloperAsync());
        using var pair = DpopKeyPair.Create();
        var proof = Prove(pair, $"/manage/keys/{Kid(one)}/bind");
        foreach (var (path, body) in new[] { ($"/manage/keys/{Kid(two)}/bind", Body(proof)), ("/manage/keys", $$"""{"name":"n","owner":"o","proof":"{{proof}}"}""") })
        {
            var refused = await gateway.PostAsync(path, body, admin);
            Assert.Equal((400, "invalid_dpop_proof"), (refused.Status, refused.Code));
        }

        Assert.Equal(200, (await gateway.PostAsync($"/manage/keys/{Kid(one)}/bind", Body(proof), admin)).Status);
        await gateway.PostAsync($"/manage/keys/{Kid(one)}/revoke", string.Empty, admin);
        var replayed = await gateway.PostAsync($"/manage/keys/{Kid(one)}/bind", Body(proof), admin);
        Assert.Equal((400, "invalid_dpop_proof"), (replayed.Status, replayed.Code));
        Assert.Null(gateway.Keys.Records.Single(r => r.Id.ToString() == Kid(two)).Thumbprint);
    }

    [Fact]
    public async Task ProofOfWhoMayNotManage_IsNotEvenLookedAt()
    {
        await using var gateway = await StartAsync();
        var (admin, key) = (await gateway.AdministratorAsync(), await gateway.DeveloperAsync());
        using var pair = DpopKeyPair.Create();
        var path = $"/manage/keys/{Kid(key)}/bind";
        var proof = Prove(pair, path);
        Assert.Equal((403, "policy_denied"), await gateway.PostAsync(path, Body(proof), key) is { } refused ? (refused.Status, refused.Code) : default);

        // Had it been looked at, it would be spent.
        Assert.Equal(200, (await gateway.PostAsync(path, Body(proof), admin)).Status);
    }

    [Fact]
    public async Task ProofThatNobodyCanCallFirst_Is503()
    {
        await using var gateway = await StartAsync();
        var admin = await gateway.AdministratorAsync();
        using var pair = DpopKeyPair.Create();
        gateway.Replays.Down = true;
        var answer = await gateway.PostAsync("/manage/keys", $$"""{"name":"n","owner":"o","proof":"{{Prove(pair, "/manage/keys")}}"}""", admin);
        Assert.Equal((503, "temporarily_unavailable"), (answer.Status, answer.Code));
        Assert.NotNull(answer["Retry-After"]);
        Assert.Single(gateway.Keys.Records);
    }

    [Fact]
    public async Task OpenStreamOfAKeyThatIsBound_Ends()
    {
        await using var gateway = await StartAsync();
        var (admin, key) = (await gateway.AdministratorAsync(), await gateway.DeveloperAsync());
        var request = new PresentedRequest("POST", "/v1/models", new Microsoft.AspNetCore.Http.HeaderDictionary { ["Authorization"] = $"Bearer {key}" }, null);
        var caller = ((AuthenticationResult.Authenticated)await gateway.Services.GetRequiredService<Authenticator>().AuthenticateAsync(request, default)).Caller;
        using var watch = gateway.Services.GetRequiredService<IRevocationSignal>().Watch(caller);
        using var pair = DpopKeyPair.Create();
        var path = $"/manage/keys/{Kid(key)}/bind";
        Assert.Equal(200, (await gateway.PostAsync(path, Body(Prove(pair, path)), admin)).Status);
        var ended = new TaskCompletionSource();
        await using var registration = watch.Ended.Register(ended.SetResult);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(CredentialEnd.Revoked, watch.Cause);
    }

    private static Task<TestGateway> StartAsync() => TestGateway.StartAsync(("Proofgate:PublicOrigins:0", Origin));

    private static async Task AssertBoundAsync(TestGateway gateway, string key, DpopKeyPair pair)
    {
        Assert.True(ApiKey.TryParse(key, out _));
        Assert.Equal(401, (await gateway.GetAsync("/v1/models", key)).Status);
        using var other = DpopKeyPair.Create();
        Assert.Equal((200, 401), (await ModelsAsync(gateway, key, pair), await ModelsAsync(gateway, key, other)));
    }

    /// <summary>As a client behind the gateway's public address: the proof is for that, and not for where the test reaches it.</summary>
    private static async Task<int> ModelsAsync(TestGateway gateway, string key, DpopKeyPair pair)
    {
        var capture = new Capture();
        using var invoker = new HttpMessageInvoker(
            new ProofgateHandler(new ProofgateClientOptions { Gateway = new Uri(Origin), Credential = key, KeyPair = pair }) { InnerHandler = capture });
        using var asked = new HttpRequestMessage(HttpMethod.Get, Origin + "/v1/models");
        (await invoker.SendAsync(asked, CancellationToken.None)).Dispose();
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        foreach (var (name, values) in asked.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, values);
        }

        return (await gateway.SendAsync(request)).Status;
    }

    private static string Prove(DpopKeyPair pair, string path) => pair.Prove(HttpMethod.Post, new Uri(Origin + path));

    private static string Body(string proof) => $$"""{"proof":"{{proof}}"}""";

    private static string Kid(string key) => key.Split('_')[2];

    private sealed class Capture : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage());
    }
}
