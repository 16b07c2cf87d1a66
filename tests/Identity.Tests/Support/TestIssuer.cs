using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Proofgate.Identity.Tests.Support;

/// <summary>An issuer on loopback: real HTTP, keys and answers as a test sets them.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    public const string Audience = "https://gateway.test";

    private readonly WebApplication _app;
    private int _discoveries;
    private int _keyReads;
    private int _others;

    private TestIssuer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public string Address => _app.Urls.Single();

    /// <summary>Requests for the discovery document.</summary>
    public int Discoveries => Volatile.Read(ref _discoveries);

    /// <summary>Requests for the key set.</summary>
    public int KeyReads => Volatile.Read(ref _keyReads);

    /// <summary>Requests for anything else: nobody should make one.</summary>
    public int Others => Volatile.Read(ref _others);

    public TestKey Key { get; } = TestKey.Ec("key-1");

    /// <summary>The entries of the key set.</summary>
    public List<JsonObject> Published { get; } = [];

    /// <summary>Answers in place of the issuer, for every path.</summary>
    public RequestDelegate? Instead { get; set; }

    /// <summary>Changes the discovery document.</summary>
    public Action<JsonObject>? Discovery { get; set; }

    public static async Task<TestIssuer> StartAsync()
    {
        var issuer = new TestIssuer();
        issuer.Published.Add(issuer.Key.Jwk());
        await issuer._app.StartAsync();
        return issuer;
    }

    /// <summary>Settings that make a room take this issuer's tokens.</summary>
    public (string Key, string Value)[] Settings(string name = "test", params (string Key, string Value)[] more) =>
    [
        ($"Proofgate:Issuers:{name}:Issuer", Address),
        ($"Proofgate:Issuers:{name}:Audiences:0", Audience),
        .. more.Any(static m => m.Key == "TenantClaim") ? Array.Empty<(string, string)>() : [($"Proofgate:Issuers:{name}:Tenant", "contoso")],
        .. more.Select(m => ($"Proofgate:Issuers:{name}:{m.Key}", m.Value)),
    ];

    public Room Room(params (string Key, string Value)[] more) => new(settings: Settings("test", more));

    /// <summary>The claims of a good token, at a room's time.</summary>
    public JsonObject Claims(Room room, params (string Name, JsonNode? Value)[] changes)
    {
        var now = room.Time.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = Address,
            ["aud"] = Audience,
            ["sub"] = "ada",
            ["client_id"] = "assistant",
            ["iat"] = now,
            ["exp"] = now + 300,
            ["jti"] = Guid.NewGuid().ToString("N"),
        };
        foreach (var (name, value) in changes)
        {
            claims.Remove(name);
            if (value is not null)
            {
                claims[name] = value;
            }
        }

        return claims;
    }

    /// <summary>A token of this issuer; null as a value takes a claim away.</summary>
    public string Token(Room room, params (string Name, JsonNode? Value)[] changes) => Key.Sign(Key.Header(), Claims(room, changes));

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Key.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value;
        Interlocked.Increment(ref path == "/.well-known/openid-configuration" ? ref _discoveries : ref path == "/jwks" ? ref _keyReads : ref _others);
        if (Instead is { } instead)
        {
            await instead(context);
        }
        else if (path == "/jwks")
        {
            await context.Response.WriteAsync(new JsonObject { ["keys"] = new JsonArray([.. Published.Select(static k => k.DeepClone())]) }.ToJsonString());
        }
        else if (path == "/.well-known/openid-configuration")
        {
            var document = new JsonObject { ["issuer"] = Address, ["jwks_uri"] = Address + "/jwks" };
            Discovery?.Invoke(document);
            await context.Response.WriteAsync(document.ToJsonString());
        }
        else
        {
            context.Response.StatusCode = 404;
        }
    }
}
