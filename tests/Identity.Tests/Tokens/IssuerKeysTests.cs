using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Identity.Tests.Support;
using Proofgate.Identity.Tokens;

namespace Proofgate.Identity.Tests.Tokens;

/// <summary>Where keys come from, how long they serve, and how seldom an issuer is asked.</summary>
[Trait("Rule", "A5")]
public sealed class IssuerKeysTests
{
    [Fact]
    public async Task Keys_AreReadOnce_ForManyTokensAtOnce()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room();
        Assert.Equal(0, issuer.Discoveries);
        await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => room.AcceptsAsync(issuer.Token(room))));
        Assert.Equal((1, 1), (issuer.Discoveries, issuer.KeyReads));
    }

    [Fact]
    public async Task UnknownKeyIds_CauseOneRead_HoweverManyThereAre()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = new Room(settings: [.. issuer.Settings(), ("Proofgate:Identity:LookupsPerMinute", "10000")]);
        await room.AcceptsAsync(issuer.Token(room));
        room.Time.Advance(TimeSpan.FromSeconds(30));
        using var stranger = TestKey.Ec("x");
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(n =>
        {
            var header = stranger.Header();
            header["kid"] = "unknown-" + n;
            return room.RefusesAsync(stranger.Sign(header, issuer.Claims(room)), "token_key");
        }));
        Assert.Equal(2, issuer.KeyReads);
        await room.AcceptsAsync(issuer.Token(room));
    }

    [Fact]
    public async Task Rotation_IsSeen_WhenATokenNamesTheNewKey()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room();
        await room.AcceptsAsync(issuer.Token(room));
        using var next = TestKey.Ec("key-2");
        issuer.Published.Add(next.Jwk());
        await room.RefusesAsync(next.Sign(next.Header(), issuer.Claims(room)), "token_key");
        room.Time.Advance(TimeSpan.FromSeconds(30));
        await room.AcceptsAsync(next.Sign(next.Header(), issuer.Claims(room)));
        await room.AcceptsAsync(issuer.Token(room));
        Assert.Equal(2, issuer.KeyReads);
    }

    [Fact]
    public async Task WithdrawnKey_TakesItsTokensWithIt_AlsoThoseInMemory()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room();
        var old = issuer.Token(room);
        await room.AcceptsAsync(old);
        using var next = TestKey.Ec("key-2");
        issuer.Published.Clear();
        issuer.Published.Add(next.Jwk());
        room.Time.Advance(TimeSpan.FromSeconds(30));
        await room.AcceptsAsync(old);
        await room.AcceptsAsync(next.Sign(next.Header(), issuer.Claims(room)));
        await room.RefusesAsync(old, "token_key");
    }

    [Fact]
    public async Task KnownToken_CostsNothing_UntilItExpires()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = new Room(settings: [.. issuer.Settings(), ("Proofgate:Identity:LookupsPerMinute", "1")]);
        var token = issuer.Token(room);
        for (var i = 0; i < 5; i++)
        {
            await room.AcceptsAsync(token);
        }

        Assert.Equal(1, room.Get<TokenCache>().Count);
        room.Time.Advance(TimeSpan.FromSeconds(329));
        await room.AcceptsAsync(token);
        room.Time.Advance(TimeSpan.FromSeconds(1));
        await room.RefusesAsync(token, "expired_token");
        Assert.Equal(0, room.Get<TokenCache>().Count);
    }

    [Fact]
    public async Task Strangers_AreLimitedByAddress_AndGenuineTokensAreNot()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = new Room(settings: [.. issuer.Settings(), ("Proofgate:Identity:LookupsPerMinute", "2")]);
        for (var i = 0; i < 10; i++)
        {
            await room.AcceptsAsync(issuer.Token(room));
        }

        using var other = TestKey.Ec("key-1");
        var forged = other.Sign(other.Header(), issuer.Claims(room));
        await room.RefusesAsync(forged, "token_signature");
        await room.RefusesAsync(forged, "token_signature");
        Assert.Equal(429, Assert.IsType<AuthenticationResult.Refused>(await room.BearerAsync(forged)).Status);
        Assert.Equal(10, room.Get<TokenCache>().Count);
    }

    [Fact]
    public async Task Outage_IsBridgedByOldKeys_Then503()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = new Room(settings: issuer.Settings("test", ("MaxStale", "02:00:00")));
        await room.AcceptsAsync(issuer.Token(room));
        issuer.Instead = static context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        room.Time.Advance(TimeSpan.FromHours(1.5));
        var held = issuer.Token(room, ("exp", room.Time.GetUtcNow().AddHours(3).ToUnixTimeSeconds()));
        await room.AcceptsAsync(held);

        // The issuer cannot be asked about a new key: that is no answer about the token.
        using var next = TestKey.Ec("key-2");
        await room.IsUnavailableAsync(next.Sign(next.Header(), issuer.Claims(room)));

        // Too old now, also for what is in memory.
        room.Time.Advance(TimeSpan.FromHours(1));
        await room.IsUnavailableAsync(held);
        await room.IsUnavailableAsync(issuer.Token(room));

        issuer.Instead = null;
        room.Time.Advance(IssuerKeys.RetryDelay);
        await room.AcceptsAsync(held);
    }

    [Fact]
    public async Task Issuer_ThatIsDownAtTheStart_IsAskedAgain()
    {
        await using var issuer = await TestIssuer.StartAsync();
        issuer.Instead = static context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        await using var room = issuer.Room();
        await room.IsUnavailableAsync(issuer.Token(room));
        var asked = issuer.Discoveries;
        await room.IsUnavailableAsync(issuer.Token(room));
        Assert.Equal(asked, issuer.Discoveries);
        issuer.Instead = null;
        room.Time.Advance(IssuerKeys.RetryDelay);
        await room.AcceptsAsync(issuer.Token(room));
    }

    [Fact]
    public async Task Issuer_ThatHangs_IsGivenUp()
    {
        await using var issuer = await TestIssuer.StartAsync();
        var reached = new TaskCompletionSource();
        issuer.Instead = async context =>
        {
            reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        await using var room = issuer.Room();
        var answer = room.IsUnavailableAsync(issuer.Token(room));
        await reached.Task;
        Assert.False(answer.IsCompleted);
        room.Time.Advance(IssuerClient.Timeout);
        await answer;
    }

    [Fact]
    public async Task Issuer_ThatStopsInTheMiddle_IsGivenUp()
    {
        await using var issuer = await TestIssuer.StartAsync();
        var reached = new TaskCompletionSource();
        issuer.Instead = async context =>
        {
            await context.Response.WriteAsync("{");
            await context.Response.Body.FlushAsync();
            reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        await using var room = issuer.Room();
        var answer = room.IsUnavailableAsync(issuer.Token(room));
        await reached.Task;
        room.Time.Advance(IssuerClient.Timeout);
        await answer;
    }

    [Fact]
    public async Task Issuer_ThatRedirects_IsNotFollowed()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var trap = await TestIssuer.StartAsync();
        issuer.Instead = context =>
        {
            context.Response.Redirect(trap.Address + context.Request.Path);
            return Task.CompletedTask;
        };
        await using var room = issuer.Room();
        await room.IsUnavailableAsync(issuer.Token(room));
        Assert.Equal(0, trap.Discoveries + trap.KeyReads + trap.Others);
    }

    [Theory]
    [InlineData("2 MB")]
    [InlineData("array")]
    [InlineData("html")]
    [InlineData("repeated")]
    [InlineData("empty")]
    public async Task Issuer_ThatAnswersWithSomethingElse_IsNotUsed(string what)
    {
        await using var issuer = await TestIssuer.StartAsync();
        issuer.Instead = context => context.Response.WriteAsync(what switch
        {
            "2 MB" => $"{{\"issuer\":\"{issuer.Address}\",\"jwks_uri\":\"{issuer.Address}/jwks\",\"x\":\"{new string('x', 2 * IssuerClient.MaxBytes)}\"}}",
            "array" => "[]",
            "html" => "<html>",
            "repeated" => $"{{\"issuer\":\"https://other\",\"issuer\":\"{issuer.Address}\",\"jwks_uri\":\"{issuer.Address}/jwks\"}}",
            _ => string.Empty,
        });
        await using var room = issuer.Room();
        await room.IsUnavailableAsync(issuer.Token(room));
        Assert.Equal(0, issuer.KeyReads);
    }

    [Theory]
    [Trait("Rule", "B8")]
    [InlineData("issuer", "https://login.example.com")]
    [InlineData("issuer", null)]
    [InlineData("jwks_uri", "http://keys.example.com/jwks")]
    [InlineData("jwks_uri", "file:///etc/passwd")]
    [InlineData("jwks_uri", "/jwks")]
    [InlineData("jwks_uri", null)]
    public async Task Discovery_IsNotBelieved_WhereItNamesAnotherIssuerOrUnsafeKeys(string name, string? value)
    {
        await using var issuer = await TestIssuer.StartAsync();
        issuer.Discovery = document => document[name] = value;
        await using var room = issuer.Room();
        await room.IsUnavailableAsync(issuer.Token(room));
        Assert.Equal(0, issuer.KeyReads);
    }

    [Fact]
    public async Task Keys_AreReadWithoutDiscovery_WhereTheirAddressIsSet()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room(("JwksUri", issuer.Address + "/jwks"));
        await room.AcceptsAsync(issuer.Token(room));
        Assert.Equal((0, 1), (issuer.Discoveries, issuer.KeyReads));
    }

    [Fact]
    [Trait("Rule", "B4")]
    public async Task Keys_ThatCannotVerify_AreIgnored_AndTheOthersServe()
    {
        await using var issuer = await TestIssuer.StartAsync();
        using var key = TestKey.Ec("bad");
        using var weak = TestKey.Rsa("bad", bits: 1024);
        await using var room = issuer.Room();
        var good = key.Jwk();
        foreach (var (name, value) in new (string, JsonNode?)[]
        {
            ("use", "enc"), ("use", 1), ("key_ops", new JsonArray("sign")), ("key_ops", "verify"), ("d", "AAAA"), ("k", "AAAA"), ("kty", "oct"), ("kty", null),
            ("crv", "P-384"), ("crv", "secp256k1"), ("crv", null), ("kid", 5), ("alg", "ES512"),
            ("x", good["y"]!.DeepClone()), ("y", TestKey.Text(new byte[32])), ("x", TestKey.Text(new byte[33])), ("x", "="), ("x", null),
        })
        {
            var bad = (JsonObject)good.DeepClone();
            bad[name] = value;
            issuer.Published.Add(bad);
        }

        issuer.Published.Add(weak.Jwk());
        foreach (var exponent in new[] { "AQ", "AA", "AQAA", "AQAAAAAB" })
        {
            using var rsa = TestKey.Rsa("bad");
            var odd = rsa.Jwk();
            odd["e"] = exponent;
            issuer.Published.Add(odd);
        }

        await room.RefusesAsync(key.Sign(key.Header(), issuer.Claims(room)), "token_key");
        await room.RefusesAsync(weak.Sign(weak.Header(), issuer.Claims(room)), "token_key");
        await room.AcceptsAsync(issuer.Token(room));
    }

    [Fact]
    public async Task Keys_BeyondAHundred_AreIgnored()
    {
        await using var issuer = await TestIssuer.StartAsync();
        issuer.Published.InsertRange(0, Enumerable.Range(0, JwkReader.MaxKeys).Select(static _ => new JsonObject { ["kty"] = "oct" }));
        await using var room = issuer.Room();
        await room.RefusesAsync(issuer.Token(room), "token_key");
    }

    [Theory]
    [InlineData("login.example.com", "10.0.0.1", true)]
    [InlineData("LOGIN.example.com", "169.254.169.254", true)]
    [InlineData("other.example.com", "93.184.216.34", true)]
    [InlineData("other.example.com", "10.0.0.1", false)]
    [InlineData("other.example.com", "127.0.0.1", false)]
    [InlineData("other.example.com", "::1", false)]
    [InlineData("other.example.com", "::ffff:169.254.169.254", false)]
    [InlineData("other.example.com", "fd00::1", false)]
    [InlineData("other.example.com", "168.63.129.16", false)]
    public void Addresses_OfHostsThatOnlyADocumentNames_MustBePublic(string host, string address, bool allowed) =>
        Assert.Equal(allowed, new IssuerAddresses(["login.example.com"]).Allows(host, System.Net.IPAddress.Parse(address)));

    [Fact]
    public void Cache_HoldsNoMoreThanItsSize_AndKeepsWhatIsUsed()
    {
        var cache = new TokenCache(Microsoft.Extensions.Options.Options.Create(new IdentityOptions { CachedTokens = 16 }));
        var time = new FakeTimeProvider();
        var check = new Identity.Credentials.CredentialCheck.Genuine(
            new Caller { Subject = "s", Kind = SubjectKind.User, Client = "c", Tenant = "t", Method = AuthenticationMethod.Jwt, Expires = time.GetUtcNow() }, null);
        var used = TokenDigest.Of("used");
        for (var i = 0; i < 1000; i++)
        {
            cache.Set(i == 0 ? used : TokenDigest.Of("token " + i), new VerifiedToken(null!, new KeySet([]), check));
            Assert.True(cache.TryGet(used, out _));
            Assert.InRange(cache.Count, 1, 17);
        }
    }
}
