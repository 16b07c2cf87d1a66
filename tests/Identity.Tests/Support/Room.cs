using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Identity.ApiKeys;
using Proofgate.Identity.Denials;
using Proofgate.Identity.Revocation;
using Proofgate.Identity.Usage;

namespace Proofgate.Identity.Tests.Support;

/// <summary>The whole room as a host has it, with a store in memory and a clock that stands still.</summary>
internal sealed class Room : IAsyncDisposable
{
    public const string Origin = "https://gateway.example.com";

    /// <summary>What <see cref="Request"/> asks for, as a client sees it.</summary>
    public const string Target = Origin + "/v1/chat/completions";

    public const string PepperKey = "Proofgate:Secrets:ApiKeyPepper";

    private readonly ServiceProvider _services;

    public Room(FakeTimeProvider? time = null, InMemoryKeyStore? store = null, params (string Key, string Value)[] settings)
    {
        Time = time ?? new FakeTimeProvider(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));
        Store = store ?? new InMemoryKeyStore(Time);
        Denials = new InMemoryDenyStore(Store);
        Configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create($"{PepperKey}:1", (string?)Pepper(1))])
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)))
            .Build();
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton<IApiKeyStore>(Store)
            .AddSingleton<IDenyStore>(Denials)
            .AddSingleton<IKeyUseStore>(Uses)
            .AddSingleton<IKeyedDigest>(Digest)
            .AddSingleton<IProofReplayStore>(_ => Replays)
            .AddProofgateIdentity(Configuration)
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    /// <summary>What a test sets here takes effect at its reload.</summary>
    public IConfigurationRoot Configuration { get; }

    public FakeTimeProvider Time { get; }

    public InMemoryKeyStore Store { get; }

    public InMemoryDenyStore Denials { get; }

    public InMemoryKeyUse Uses { get; } = new();

    public InMemoryReplays Replays { get; init; } = new();

    public CountingDigest Digest { get; } = new();

    public Authenticator Authenticator => Get<Authenticator>();

    public ApiKeyService Keys => Get<ApiKeyService>();

    public IRevocationSignal Revocation => Get<IRevocationSignal>();

    public ApiKeyCache Cache => Get<ApiKeyCache>();

    /// <summary>The values of WWW-Authenticate that go with a refusal.</summary>
    public IReadOnlyList<string> ChallengesFor(AuthenticationResult.Refused refused) => Get<Challenges>().For(refused);

    public static ApiKeySpec Spec { get; } = new() { Name = "assistant", Owner = "svc-assistant", Tenant = "contoso", Roles = new HashSet<string> { "reader" } };

    public static string Pepper(byte fill) => Convert.ToBase64String(Enumerable.Repeat(fill, 32).ToArray());

    /// <summary>A room whose change feed has been read.</summary>
    public static async Task<Room> ReadyAsync(params (string Key, string Value)[] settings)
    {
        var room = new Room(settings: settings);
        await room.ReadFeedAsync();
        return room;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public Task ReadFeedAsync() => Get<KeyFeed>().ReadAsync(CancellationToken.None);

    public async Task<ApiKeyCreation.Created> CreateAsync(ApiKeySpec? spec = null) =>
        Assert.IsType<ApiKeyCreation.Created>(await Keys.CreateAsync(spec ?? Spec, "system", CancellationToken.None));

    public Task<AuthenticationResult> BearerAsync(string token, string? peer = "192.0.2.1") => AuthenticateAsync(peer, ("Authorization", "Bearer " + token));

    public Task<AuthenticationResult> AuthenticateAsync(params (string Name, string Value)[] headers) => AuthenticateAsync("192.0.2.1", headers);

    public Task<AuthenticationResult> AuthenticateAsync(string? peer, params (string Name, string Value)[] headers) =>
        Authenticator.AuthenticateAsync(Request(peer, headers), CancellationToken.None).AsTask();

    public static PresentedRequest Request(string? peer, params (string Name, string Value)[] headers)
    {
        var dictionary = new HeaderDictionary();
        foreach (var (name, value) in headers)
        {
            dictionary[name] = StringValues.Concat(dictionary[name], new StringValues(value));
        }

        return new PresentedRequest("POST", "/v1/chat/completions", dictionary, peer is null ? null : IPAddress.Parse(peer));
    }

    public async Task<Caller> CallerAsync(ApiKey key) =>
        Assert.IsType<AuthenticationResult.Authenticated>(await BearerAsync(key.Reveal())).Caller;

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
