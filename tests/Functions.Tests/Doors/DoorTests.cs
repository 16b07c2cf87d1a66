using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Moq;
using Proofgate.Audit;
using Proofgate.Gateway;
using Proofgate.Http;
using Proofgate.Identity;
using Proofgate.Identity.ApiKeys;
using Proofgate.Identity.Denials;
using Proofgate.Identity.Usage;
using Proofgate.Manage;

namespace Proofgate.Functions.Tests.Doors;

/// <summary>Doors with all that is behind them, except storage and the hub.</summary>
public sealed class DoorTests : IAsyncDisposable
{
    private readonly Mock<IAuditTransport> _transport = new();
    private readonly ServiceProvider _services;

    public DoorTests()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Proofgate:Secrets:ApiKeyPepper:1"] = Convert.ToBase64String(new byte[32]),
            ["Proofgate:Secrets:AuditMaster"] = Convert.ToBase64String(new byte[32]),
        }).Build();
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(_transport.Object)
            .AddSingleton(Mock.Of<IApiKeyStore>())
            .AddSingleton(Mock.Of<IDenyStore>())
            .AddSingleton(Mock.Of<IKeyUseStore>())
            .AddSingleton(Mock.Of<IProofReplayStore>())
            .AddSingleton(Mock.Of<ISubjectKeyStore>())
            .AddProofgateGateway(configuration)
            .BuildServiceProvider();
    }

    private FrontDesk Desk => _services.GetRequiredService<FrontDesk>();

    [Fact]
    public async Task Liveness_Answers_InBothApps()
    {
        var (gateway, manage) = (Request("GET", "/healthz"), Request("GET", "/healthz"));
        await new Gateway.HealthDoor(Desk).Liveness(gateway.Request, default);
        await new Manage.HealthDoor(Desk).Liveness(manage.Request, default);
        Assert.Equal((200, 200), (gateway.Response.StatusCode, manage.Response.StatusCode));
    }

    [Fact]
    public async Task OtherVerbs_AreAnswered405_ByTheFrontDesk()
    {
        var http = Request("DELETE", "/v1/chat/completions");
        await new InferenceDoor(Desk).ChatCompletions(http.Request, default);
        Assert.Equal((405, "POST"), (http.Response.StatusCode, http.Response.Headers.Allow.ToString()));
    }

    [Fact]
    public async Task ControlledRoutes_AreAnswered401_WithoutACredential()
    {
        var (chat, keys) = (Request("POST", "/v1/chat/completions"), Request("GET", "/manage/keys"));
        await new InferenceDoor(Desk).ChatCompletions(chat.Request, default);
        await new KeysDoor(Desk).Keys(keys.Request, default);
        Assert.Equal((401, 401), (chat.Response.StatusCode, keys.Response.StatusCode));
        Assert.NotEqual(0, chat.Response.Headers.WWWAuthenticate.Count);
    }

    [Fact]
    public async Task HostsToken_EndsTheCall_AsTheClientsLeavingDoes()
    {
        using var stop = new CancellationTokenSource();
        using var client = new CancellationTokenSource();
        var http = Request("GET", "/healthz");
        http.RequestAborted = client.Token;
        var seen = CancellationToken.None;
        http.Response.Body = new ProbeStream(() => seen = http.RequestAborted);
        await new Gateway.HealthDoor(Desk).Liveness(http.Request, stop.Token);
        Assert.NotEqual(client.Token, seen);
        Assert.Equal(client.Token, http.RequestAborted);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static DefaultHttpContext Request(string method, string path) => new() { Request = { Method = method, Path = path } };

    /// <summary>Tells when it is first written to.</summary>
    private sealed class ProbeStream(Action written) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            written();
            return base.WriteAsync(buffer, cancellationToken);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            written();
            base.Write(buffer);
        }
    }
}
