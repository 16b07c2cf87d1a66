using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Proofgate.Client;
using Proofgate.Identity;
using Proofgate.Identity.ApiKeys;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.AzureStores.Tests.Proofs;

/// <summary>Four hosts as they are deployed, with nothing in common but storage, and proofs as the client makes them.</summary>
[Collection(AzuriteGroup.Name)]
public sealed class ReplayRaceTests(AzuriteFixture azurite, ITestOutputHelper output) : IAsyncLifetime
{
    private const int Hosts = 4;
    private const int Sends = 64;
    private const string Path = "/v1/chat/completions";
    private static readonly Uri Target = new("https://gateway.example.com" + Path);

    private readonly List<IHost> _hosts = [];
    private readonly DpopKeyPair _pair = DpopKeyPair.Create();
    private string _credential = "";

    public async Task InitializeAsync()
    {
        for (var i = 0; i < Hosts; i++)
        {
            var builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Configuration.AddInMemoryCollection(
            [
                new("Proofgate:Storage:ConnectionString", azurite.ConnectionString),
                new("Proofgate:PublicOrigins:0", Target.GetLeftPart(UriPartial.Authority)),
                new("Proofgate:Dpop:StoreTimeout", "00:00:30"),
                new("Proofgate:Secrets:ApiKeyPepper:1", Convert.ToBase64String(new byte[32])),
            ]);
            builder.Services.AddLogging().AddProofgateAzureStores(builder.Configuration).AddProofgateIdentity(builder.Configuration);
            var host = builder.Build();
            if (i == 0)
            {
                await host.Services.CreateLocalTablesAsync(CancellationToken.None);
                await BindAsync(host.Services);
            }

            await host.StartAsync();
            _hosts.Add(host);
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }

        _pair.Dispose();
    }

    [Fact]
    [Trait("Category", "Heavy")]
    [Trait("Rule", "D14")]
    public async Task Proof_HasOneWinner_WhenItIsSentToAllHostsAtOnce()
    {
        var rounds = Counts.Of(1000, output);
        for (var round = 0; round < rounds; round++)
        {
            var headers = await ProofAsync();
            using var gate = new ManualResetEventSlim();
            var results = Enumerable.Range(0, Sends).Select(i => Task.Run(async () =>
            {
                gate.Wait();
                var request = new PresentedRequest("POST", Path, new HeaderDictionary(headers), IPAddress.Loopback);
                return await _hosts[i % Hosts].Services.GetRequiredService<Authenticator>().AuthenticateAsync(request, CancellationToken.None);
            })).ToList();
            gate.Set();
            var answers = await Task.WhenAll(results);
            var winner = Assert.Single(answers.OfType<AuthenticationResult.Authenticated>());
            Assert.True(winner.Caller.Bound);
            Assert.Equal(_pair.Thumbprint, winner.Caller.Thumbprint);
            Assert.All(answers.OfType<AuthenticationResult.Refused>(), static r => Assert.Equal("proof_replayed", r.Reason));
        }

        output.WriteLine($"{rounds} proofs, each sent {Sends} times to {Hosts} hosts: each was taken once.");
    }

    private async Task BindAsync(IServiceProvider services)
    {
        var created = Assert.IsType<ApiKeyCreation.Created>(await services.GetRequiredService<ApiKeyService>().CreateAsync(
            new ApiKeySpec { Name = "race", Owner = "svc-race", Tenant = "contoso" }, "system", CancellationToken.None));
        var store = services.GetRequiredService<IApiKeyStore>();
        var record = await store.FindAsync(created.Key.Id, CancellationToken.None);
        Assert.True(await store.TryUpdateAsync(record! with { Thumbprint = _pair.Thumbprint }, CancellationToken.None));
        _credential = created.Key.Reveal();
    }

    private async Task<Dictionary<string, Microsoft.Extensions.Primitives.StringValues>> ProofAsync()
    {
        using var capture = new Capture();
        using var client = new HttpClient(new ProofgateHandler(new ProofgateClientOptions { Gateway = Target, Credential = _credential, KeyPair = _pair }) { InnerHandler = capture });
        (await client.PostAsync(Target, null)).Dispose();
        return new(StringComparer.OrdinalIgnoreCase)
        {
            ["Authorization"] = capture.Sent!.Headers.Authorization!.ToString(),
            ["DPoP"] = Assert.Single(capture.Sent.Headers.GetValues("DPoP")),
        };
    }
}
