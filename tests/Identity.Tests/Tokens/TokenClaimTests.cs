using System.Text.Json.Nodes;
using Proofgate.Identity.Tests.Support;

namespace Proofgate.Identity.Tests.Tokens;

/// <summary>What must stand in a signed token, and what becomes of it.</summary>
public sealed class TokenClaimTests
{
    [Fact]
    [Trait("Rule", "A5")]
    public async Task Token_BecomesACaller_WithAllThatItSays()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room(("ClearanceClaim", "clearance"), ("PurposeClaim", "purpose"), ("GroupsClaim", "groups"));
        var caller = await room.AcceptsAsync(issuer.Token(
            room,
            ("roles", new JsonArray("reader", "writer")), ("groups", new JsonArray("research")), ("scope", "chat data"), ("scp", new JsonArray("extra")),
            ("clearance", 3), ("purpose", "support"), ("acr", "mfa"), ("amr", new JsonArray("pwd", "otp")), ("auth_time", 1_000_000), ("jti", "j1")));
        Assert.Equal(("test:ada", SubjectKind.User, "assistant", "contoso"), (caller.Subject, caller.Kind, caller.Client, caller.Tenant));
        Assert.Equal(AuthenticationMethod.Jwt, caller.Method);
        Assert.Equal(["reader", "writer"], caller.Roles.Order());
        Assert.Equal(["research"], caller.Groups);
        Assert.Equal(["chat", "data", "extra"], caller.Scopes.Order());
        Assert.Equal((3L, "support", "mfa"), (caller.Clearance, caller.Purpose, caller.Acr));
        Assert.Equal(["otp", "pwd"], caller.Amr.Order());
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_000_000), caller.AuthTime);
        Assert.Equal((issuer.Address, "j1", "key-1"), (caller.Issuer, caller.TokenId, caller.SigningKeyId));
        Assert.False(caller.Bound);
        Assert.Null(caller.Limits);
        Assert.Equal(room.Time.GetUtcNow() + TimeSpan.FromSeconds(330), caller.Expires);
        Assert.NotNull(caller.Address);
    }

    [Theory]
    [Trait("Rule", "A7")]
    [InlineData("exp")]
    [InlineData("iat")]
    [InlineData("sub")]
    [InlineData("client_id")]
    public async Task Token_IsRefused_WithoutARequiredClaim(string name)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room();
        await room.RefusesAsync(issuer.Token(room, (name, null)), "token_claims");
        await room.RefusesAsync(issuer.Token(room, (name, new JsonArray(1))), "token_claims");
        await room.RefusesAsync(issuer.Token(room, (name, name is "exp" or "iat" ? "2000000000" : 7)), "token_claims");
        await room.RefusesAsync(issuer.Token(room, (name, name is "exp" or "iat" ? -1 : "")), "token_claims");
        await room.RefusesAsync(issuer.Token(room, (name, name is "exp" or "iat" ? 1e300 : "a\u0001b")), "token_claims");
    }

    [Theory]
    [Trait("Rule", "A7")]
    [InlineData("azp")]
    [InlineData("appid")]
    public async Task Token_MayNameItsClient_AsItsIssuerDoes(string name)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room();
        Assert.Equal("spa", (await room.AcceptsAsync(issuer.Token(room, ("client_id", null), (name, "spa")))).Client);
    }

    [Fact]
    [Trait("Rule", "A3")]
    public async Task Token_IsRefused_FromAnyIssuerThatIsNotConfigured_ToTheLetter()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room();
        foreach (var name in new JsonNode?[] { null, "", issuer.Address + "/", issuer.Address.ToUpperInvariant(), " " + issuer.Address, 5, new JsonArray(issuer.Address) })
        {
            await room.RefusesAsync(issuer.Token(room, ("iss", name)), "token_issuer");
        }

        Assert.Equal(0, issuer.Discoveries);
    }

    [Fact]
    [Trait("Rule", "A4")]
    [Trait("Rule", "O2")]
    public async Task Token_IsRefused_UnlessItsAudienceHoldsOurs_AsOneOfStrings()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room();
        await room.AcceptsAsync(issuer.Token(room, ("aud", new JsonArray("https://other", TestIssuer.Audience))));
        foreach (var audience in new JsonNode?[]
        {
            null, "", "https://other", TestIssuer.Audience + "/", TestIssuer.Audience.ToUpperInvariant(), 1, true, new JsonArray(),
            new JsonArray("https://other"), new JsonArray(TestIssuer.Audience, 1), new JsonArray(new JsonArray(TestIssuer.Audience)),
            new JsonObject { ["aud"] = TestIssuer.Audience }, new JsonObject { [TestIssuer.Audience] = true },
        })
        {
            await room.RefusesAsync(issuer.Token(room, ("aud", audience)), "token_audience");
        }
    }

    [Theory]
    [Trait("Rule", "A6")]
    [InlineData(-31, -300, null, "expired_token")]
    [InlineData(-30, -300, null, "expired_token")]
    [InlineData(-29, -300, null, null)]
    [InlineData(300, 30, null, null)]
    [InlineData(300, 31, null, "early_token")]
    [InlineData(300, 0, 30, null)]
    [InlineData(300, 0, 31, "early_token")]
    public async Task Token_IsRefused_OutsideItsTime(int expires, int issued, int? start, string? reason)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room();
        var now = room.Time.GetUtcNow().ToUnixTimeSeconds();
        var token = issuer.Token(room, ("exp", now + expires), ("iat", now + issued), ("nbf", start is null ? null : now + start));
        if (reason is null)
        {
            await room.AcceptsAsync(token);
        }
        else
        {
            await room.RefusesAsync(token, reason);
        }
    }

    [Fact]
    [Trait("Rule", "A6")]
    public async Task Token_IsRefused_WithANotBeforeThatIsNoTime()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room();
        await room.RefusesAsync(issuer.Token(room, ("nbf", "tomorrow")), "token_claims");
    }

    [Fact]
    [Trait("Rule", "D24")]
    public async Task Token_IsRefused_ThatLivesTooLong()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room(("MaxLifetime", "00:10:00"));
        var now = room.Time.GetUtcNow().ToUnixTimeSeconds();
        await room.AcceptsAsync(issuer.Token(room, ("exp", now + 600)));
        await room.RefusesAsync(issuer.Token(room, ("exp", now + 601)), "token_lifetime");
        await room.RefusesAsync(issuer.Token(room, ("exp", now + 300), ("iat", now - 301)), "token_lifetime");
    }

    [Theory]
    [Trait("Rule", "B11")]
    [InlineData("at+jwt", false, null)]
    [InlineData("AT+JWT", false, null)]
    [InlineData("application/at+jwt", false, null)]
    [InlineData("JWT", true, null)]
    [InlineData("at+jwt", true, null)]
    [InlineData("JWT", false, "token_type")]
    [InlineData("dpop+jwt", true, "token_type")]
    [InlineData("dpop+jwt", false, "token_type")]
    [InlineData("logout+jwt", true, "token_type")]
    [InlineData("", true, "token_type")]
    [InlineData(null, true, "token_type")]
    [InlineData(null, false, "token_type")]
    public async Task Token_SaysByItsType_ThatItIsAnAccessToken(string? type, bool acceptJwt, string? reason)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room(("AcceptTypJwt", acceptJwt ? "true" : "false"));
        var header = issuer.Key.Header();
        header.Remove("typ");
        if (type is not null)
        {
            header["typ"] = type;
        }

        var token = issuer.Key.Sign(header, issuer.Claims(room));
        if (reason is null)
        {
            await room.AcceptsAsync(token);
        }
        else
        {
            await room.RefusesAsync(token, reason);
        }
    }

    [Theory]
    [Trait("Rule", "A1")]
    [Trait("Rule", "B12")]
    [InlineData("nonce", "n")]
    [InlineData("at_hash", "h")]
    [InlineData("c_hash", "h")]
    [InlineData("s_hash", "h")]
    [InlineData("events", "e")]
    [InlineData("typ", "ID")]
    [InlineData("typ", "Refresh")]
    [InlineData("token_use", "id")]
    public async Task IdToken_IsNoAccessToken_WhereAnIssuerCallsBothJwt(string name, string value)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room(("AcceptTypJwt", "true"));
        await room.AcceptsAsync(issuer.Key.Sign(issuer.Key.Header("JWT"), issuer.Claims(room, ("typ", "Bearer"))));
        await room.RefusesAsync(issuer.Key.Sign(issuer.Key.Header("JWT"), issuer.Claims(room, (name, value))), "token_kind");
    }

    [Fact]
    public async Task Actors_AreNamed_OutermostFirst()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room();
        var act = new JsonObject { ["sub"] = "agent", ["act"] = new JsonObject { ["sub"] = "planner", ["iss"] = issuer.Address } };
        Assert.Equal(["test:agent", "test:planner"], (await room.AcceptsAsync(issuer.Token(room, ("act", act)))).Actors);
    }

    [Fact]
    public async Task Actors_AreRefused_WhereTheChainHidesSomebody()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room();
        Assert.Equal(8, (await room.AcceptsAsync(issuer.Token(room, ("act", Chain(8))))).Actors.Count);
        foreach (var act in new JsonNode[]
        {
            Chain(9), "agent", 1, new JsonArray("agent"), new JsonObject(), new JsonObject { ["sub"] = 1 }, new JsonObject { ["sub"] = "" },
            new JsonObject { ["sub"] = "agent", ["act"] = "x" }, new JsonObject { ["sub"] = "agent", ["iss"] = "https://other" },
        })
        {
            await room.RefusesAsync(issuer.Token(room, ("act", act)), "token_actors");
        }

        static JsonObject Chain(int depth) => depth == 1
            ? new JsonObject { ["sub"] = "a1" }
            : new JsonObject { ["sub"] = "a" + depth, ["act"] = Chain(depth - 1) };
    }

    [Fact]
    public async Task Confirmation_IsRefused_WhereNobodyCouldProveIt()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room();
        var thumbprint = TestKey.Text(new byte[32]);
        foreach (var confirmation in new JsonNode[]
        {
            "x", 1, new JsonArray(), new JsonObject(), new JsonObject { ["jkt"] = "short" }, new JsonObject { ["jkt"] = 1 },
            new JsonObject { ["jkt"] = thumbprint[..42] + "B" }, new JsonObject { ["x5t#S256"] = thumbprint + "=" },
            new JsonObject { ["jkt"] = thumbprint, ["kid"] = "k" }, new JsonObject { ["jwk"] = new JsonObject() }, new JsonObject { ["x5t"] = thumbprint },
        })
        {
            await room.RefusesAsync(issuer.Token(room, ("cnf", confirmation)), "token_confirmation");
        }
    }

    [Fact]
    public async Task UnboundToken_IsRefused_WhereTheIssuerMustBindThem()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room(("RequireBound", "true"));
        await room.RefusesAsync(issuer.Token(room), "token_unbound");
    }

    [Fact]
    [Trait("Rule", "D16")]
    public async Task BoundToken_IsRefused_AsBearer()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room();
        var token = issuer.Token(room, ("cnf", new JsonObject { ["jkt"] = TestKey.Text(new byte[32]) }));
        var refused = Assert.IsType<AuthenticationResult.Refused>(await room.BearerAsync(token));
        Assert.Equal((401, "invalid_token", "bound_as_bearer"), (refused.Status, refused.Code, refused.Reason));
    }

    [Fact]
    public async Task Mapping_GivesLeastPrivilege_WhereItFindsNothing()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room(("ClearanceClaim", "clearance"), ("PurposeClaim", "purpose"), ("GroupsClaim", "groups"));
        foreach (var value in new JsonNode?[] { null, 5.5, true, new JsonObject { ["admin"] = true }, new JsonArray(1, null, new JsonArray("admin")), -4 })
        {
            var caller = await room.AcceptsAsync(issuer.Token(
                room,
                ("roles", value?.DeepClone()), ("groups", value?.DeepClone()), ("scp", value?.DeepClone()), ("scope", value?.DeepClone()),
                ("clearance", value?.DeepClone()), ("purpose", value?.DeepClone()), ("acr", value?.DeepClone()), ("amr", value?.DeepClone())));
            Assert.Empty(caller.Roles);
            Assert.Empty(caller.Groups);
            Assert.Empty(caller.Scopes);
            Assert.Empty(caller.Amr);
            Assert.Equal((0L, null, null), (caller.Clearance, caller.Purpose, caller.Acr));
        }
    }

    [Fact]
    public async Task Risk_IsTheClaims_AndTheHighestWhereItCannotBeRead()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room(("RiskClaim", "risk"));
        Assert.Null((await room.AcceptsAsync(issuer.Token(room))).Risk);
        Assert.Equal(3, (await room.AcceptsAsync(issuer.Token(room, ("risk", 3)))).Risk);
        Assert.Equal(70, (await room.AcceptsAsync(issuer.Token(room, ("risk", "70")))).Risk);
        foreach (var value in new JsonNode?[] { -1, 5.5, "low", true, new JsonArray(0), "" })
        {
            Assert.Equal(long.MaxValue, (await room.AcceptsAsync(issuer.Token(room, ("risk", value)))).Risk);
        }
    }

    [Fact]
    public async Task Roles_AreOnlyThoseMapped_WhereThereIsAMap()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room(("RolesClaim", "/realm_access/roles"), ("RoleMap:Proofgate.Reader", "reader"));
        var access = new JsonObject { ["roles"] = new JsonArray("Proofgate.Reader", "admin", "proofgate.reader") };
        Assert.Equal(["reader"], (await room.AcceptsAsync(issuer.Token(room, ("realm_access", access), ("roles", "admin")))).Roles);
    }

    [Fact]
    public async Task Tenant_IsTheClaims_AndATokenWithoutItIsRefused()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room(("TenantClaim", "tid"));
        Assert.Equal("fabrikam", (await room.AcceptsAsync(issuer.Token(room, ("tid", "fabrikam")))).Tenant);
        foreach (var tenant in new JsonNode?[] { null, "", 1, new JsonArray("fabrikam") })
        {
            await room.RefusesAsync(issuer.Token(room, ("tid", tenant)), "token_tenant");
        }
    }

    [Fact]
    public async Task Subject_IsAnApplication_WhereTheTokenSaysSo()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room(("SubjectPrefix", ""));
        var own = await room.AcceptsAsync(issuer.Token(room, ("sub", "assistant")));
        var entra = await room.AcceptsAsync(issuer.Token(room, ("idtyp", "app")));
        Assert.Equal(("assistant", SubjectKind.Client), (own.Subject, own.Kind));
        Assert.Equal(("ada", SubjectKind.Client), (entra.Subject, entra.Kind));
        Assert.Equal(SubjectKind.User, (await room.AcceptsAsync(issuer.Token(room, ("idtyp", "user")))).Kind);
    }

    /// <summary>The example of <see cref="Identity.Tokens.IssuerOptions"/>, with the claims of an Entra v2 token.</summary>
    [Fact]
    [Trait("Rule", "A1")]
    public async Task EntraToken_BecomesACaller_WithTheSettingsOfTheExample()
    {
        await using var issuer = await TestIssuer.StartAsync();
        using var rsa = TestKey.Rsa("entra-key");
        issuer.Published.Add(rsa.Jwk());
        await using var room = new Room(settings:
        [
            ("Proofgate:Issuers:entra:Issuer", issuer.Address),
            ("Proofgate:Issuers:entra:Audiences:0", "11111111-2222-3333-4444-555555555555"),
            ("Proofgate:Issuers:entra:Algorithms:0", "RS256"),
            ("Proofgate:Issuers:entra:AcceptTypJwt", "true"),
            ("Proofgate:Issuers:entra:Tenant", "contoso"),
            ("Proofgate:Issuers:entra:RoleMap:Proofgate.Reader", "reader"),
            ("Proofgate:Issuers:entra:GroupsClaim", "groups"),
            ("Proofgate:Issuers:entra:GroupMap:99999999-0000-0000-0000-000000000001", "research"),
        ]);
        var claims = issuer.Claims(
            room,
            ("aud", "11111111-2222-3333-4444-555555555555"), ("client_id", null), ("jti", null), ("azp", "spa-id"), ("azpacr", "0"), ("name", "Ada"),
            ("oid", "o1"), ("sub", "pairwise"), ("tid", "t1"), ("uti", "u1"), ("ver", "2.0"), ("scp", "chat.use"), ("nbf", room.Time.GetUtcNow().ToUnixTimeSeconds()),
            ("roles", new JsonArray("Proofgate.Reader", "Other")), ("groups", new JsonArray("99999999-0000-0000-0000-000000000001", "x")));
        var caller = await room.AcceptsAsync(rsa.Sign(rsa.Header("JWT"), claims));
        Assert.Equal(("entra:pairwise", SubjectKind.User, "spa-id", "contoso"), (caller.Subject, caller.Kind, caller.Client, caller.Tenant));
        Assert.Equal(["reader"], caller.Roles);
        Assert.Equal(["research"], caller.Groups);
        Assert.Equal(["chat.use"], caller.Scopes);
    }
}
