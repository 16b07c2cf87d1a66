using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Proofgate.Cli.Tests.Support;

namespace Proofgate.Cli.Tests.Commands;

public sealed class KeysListTests
{
    [Fact]
    [Trait("Rule", "K8")]
    public async Task List_ShowsEachKeyOnOneLine_InAPipe()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(200, $$"""{"keys":[{{Samples.Record}}]}""");
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "list", "--gateway", gateway.Address);

        Assert.Equal(0, run.Exit);
        Assert.Equal(("GET", "/manage/keys"), (gateway.Request.Method, gateway.Request.Path));
        var line = Assert.Single(run.Out.Split('\n'), static line => line.Contains("BBBBBBBB", StringComparison.Ordinal));
        Assert.Matches(@"BBBBBBBB\s+billing bot\s+billing\s+developer\s+active\s+10 d\s+2026-12-01\s+2026-05-30", line);
        Assert.DoesNotContain('\u001b', run.Out);
        Assert.Empty(run.Error);
    }

    [Fact]
    [Trait("Rule", "K8")]
    public async Task List_WarnsOfEveryFault_AndOfNothingElse()
    {
        // The clock says 2026-06-01.
        var keys = string.Join(',', [
            Record("good0000", created: "2026-05-31"),
            Record("usedlast", created: "2026-01-01", more: ",\"lastUsed\":\"2026-05-03\""),
            Record("unused00", created: "2026-01-01", more: ",\"lastUsed\":\"2026-05-02\""),
            Record("neverus0", created: "2026-05-02"),
            Record("adminful", roles: "\"administrator\"", created: "2026-05-31"),
            Record("adminlim", roles: "\"administrator\"", created: "2026-05-31", more: ",\"networks\":[\"10.0.0.0/8\"]"),
            Record("noexpiry", created: "2026-05-31", expires: null),
            Record("soon0000", created: "2026-05-31", expires: "2026-06-15"),
            Record("rotated0", created: "2026-05-31", expires: "2026-06-02", more: ",\"successor\":\"good0000\""),
            Record("later000", created: "2026-05-31", expires: "2026-06-16"),
            Record("expired0", created: "2026-01-01", expires: "2026-05-01"),
            Record("revoked0", created: "2026-01-01", expires: null, state: "revoked"),
        ]);
        await using var gateway = await FakeGateway.AnsweringAsync(200, $$"""{"keys":[{{keys}}]}""");
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "list", "--gateway", gateway.Address, "--json");

        Assert.Equal(
            ["unused00 unused", "neverus0 unused", "adminful over_broad", "noexpiry never_expires", "soon0000 expires_soon"],
            run.Json.GetProperty("warnings").EnumerateArray().Select(static w => $"{w.GetProperty("kid")} {w.GetProperty("kind")}"));
        Assert.Equal(12, run.Json.GetProperty("keys").GetArrayLength());
    }

    [Fact]
    [Trait("Rule", "K8")]
    public async Task List_PutsWarningsOnStderr_AndCallsAnExpiredKeyExpired()
    {
        var keys = $"{Record("noexpiry", created: "2026-05-31", expires: null)},{Record("expired0", created: "2026-01-01", expires: "2026-05-01")}";
        await using var gateway = await FakeGateway.AnsweringAsync(200, $$"""{"keys":[{{keys}}]}""");
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "list", "--gateway", gateway.Address);

        Assert.Equal(0, run.Exit);
        Assert.Equal("warning: noexpiry never expires: replace it by one that does.", run.Error.Trim());
        Assert.Matches(@"expired0 .* expired ", run.Out);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task List_ReadsPageByPage_AndIsOneDocument(bool json)
    {
        await using var gateway = await FakeGateway.StartAsync(static http => http.Response.WriteAsync(http.Request.QueryString.Value switch
        {
            "" => $$"""{"keys":[{{Record("aaaaaaaa", "2026-05-31")}}],"next":"aaaaaaaz"}""",
            "?after=aaaaaaaz" => $$"""{"keys":[],"next":"bbbbbbbb"}""",
            "?after=bbbbbbbb" => $$"""{"keys":[{{Record("cccccccc", "2026-05-31", expires: null)}}]}""",
            _ => "none",
        }));
        using var workplace = new Workplace();

        var run = await workplace.RunAsync(["keys", "list", "--gateway", gateway.Address, .. json ? ["--json"] : Array.Empty<string>()]);

        Assert.True(run.Exit == 0, run.Out + run.Error);
        if (json)
        {
            Assert.Equal(["aaaaaaaa", "cccccccc"], run.Json.GetProperty("keys").EnumerateArray().Select(static k => k.GetProperty("kid").GetString()));
            Assert.Equal((1, 1), (run.Json.GetProperty("warnings").GetArrayLength(), run.Json.GetProperty("warningCount").GetInt32()));
        }
        else
        {
            Assert.Matches("(?s)aaaaaaaa.*cccccccc", run.Out);
        }
    }

    [Theory]
    [InlineData(503, 5)]
    [InlineData(200, 5)]
    public async Task List_StaysOneDocument_WhereALaterPageFails_OrDoesNotGoOn(int status, int exit)
    {
        await using var gateway = await FakeGateway.StartAsync(async http =>
        {
            if (http.Request.QueryString.HasValue)
            {
                http.Response.StatusCode = status;
            }

            await http.Response.WriteAsync($$"""{"keys":[{{Record("aaaaaaaa", "2026-05-31")}}],"next":"aaaaaaaa"}""");
        });
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "list", "--gateway", gateway.Address, "--json");

        Assert.Equal(exit, run.Exit);
        Assert.NotEmpty(run.Json.GetProperty("keys").EnumerateArray());
        Assert.Equal(exit, run.Json.GetProperty("error").GetProperty("exitCode").GetInt32());
        Assert.NotEmpty(run.Error);
    }

    [Fact]
    public async Task List_HandsTheRecordOnAsItCame_WithJson()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(200, $$"""{"keys":[{{Samples.Record}}]}""");
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "list", "--gateway", gateway.Address, "--json");

        var record = run.Json.GetProperty("keys")[0];
        foreach (var member in JsonElement.Parse(Samples.Record).EnumerateObject())
        {
            Assert.True(record.TryGetProperty(member.Name, out var same), member.Name);
            Assert.Equal(member.Value.ToString().Replace("Z", "+00:00", StringComparison.Ordinal), same.ToString().Replace("Z", "+00:00", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task List_CannotMoveTheCursor_WhateverAKeyIsCalled()
    {
        var evil = Samples.Record.Replace("billing bot", @"\u001b]0;owned\u0007[red]x\u202e", StringComparison.Ordinal);
        await using var gateway = await FakeGateway.AnsweringAsync(200, $$"""{"keys":[{{evil}}]}""");
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "list", "--gateway", gateway.Address);

        Assert.Equal(0, run.Exit);
        Assert.DoesNotContain('\u001b', run.Out);
        Assert.DoesNotContain('\u202e', run.Out);
        Assert.Contains("[red]x", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, null, true)]
    [InlineData(true, "1", false)]
    [InlineData(false, null, false)]
    public async Task List_UsesColours_OnlyForPeopleWhoWantThem(bool terminal, string? noColor, bool colours)
    {
        await using var gateway = await FakeGateway.AnsweringAsync(200, $$"""{"keys":[{{Samples.Record}}]}""");
        using var workplace = new Workplace { IsTerminal = terminal };
        if (noColor is not null)
        {
            workplace.Variables["NO_COLOR"] = noColor;
        }

        var run = await workplace.RunAsync("keys", "list", "--gateway", gateway.Address);

        Assert.Equal(colours, run.Out.Contains('\u001b'));
    }

    private static string Record(string kid, string created, string roles = "\"developer\"", string? expires = "2026-12-01", string state = "active", string more = "")
    {
        var end = expires is null ? "" : $",\"expires\":\"{expires}T12:00:00Z\"";
        return $$"""{"kid":"{{kid}}","name":"n","owner":"o","roles":[{{roles}}],"created":"{{created}}T12:00:00Z","state":"{{state}}"{{end}}{{more}}}""";
    }
}
