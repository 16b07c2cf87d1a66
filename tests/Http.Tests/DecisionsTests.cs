using System.Diagnostics;
using System.Text.Json.Nodes;
using Proofgate.Audit.Events;
using Proofgate.Http.Tests.Support;
using Xunit.Abstractions;

namespace Proofgate.Http.Tests;

/// <summary>The live stream of decisions: what a tenant's administrator sees, and what nobody does.</summary>
public sealed class DecisionsTests(ITestOutputHelper output)
{
    [Fact]
    public async Task DecisionAndRefusal_AreSeen_AsTheyHappen_WithoutContentOrPersons()
    {
        await using var gateway = await TestGateway.StartAsync();
        var (admin, developer) = (await gateway.AdministratorAsync(), await gateway.DeveloperAsync());
        using var reader = await gateway.OpenAsync("/manage/decisions", admin);

        var started = Stopwatch.StartNew();
        var chat = await gateway.ChatAsync(
            developer, """{"model":"assistant","messages":[{"role":"user","content":"my marzipan secret is 4111 1111 1111 1111"}]}""", ("Proofgate-Purpose", "nougat"));
        var (name, seen, raw) = await NextAsync(reader);
        output.WriteLine($"seen {started.ElapsedMilliseconds} ms after the call began");
        Assert.Equal(("decision", chat["Proofgate-Audit-Id"]), (name, (string?)seen["id"]));
        Assert.Equal(
            ("/v1/chat/completions", "POST", "openai.chat", "assistant", "apikey", developer.Split('_')[2], "infer"),
            ((string?)seen["route"], (string?)seen["method"], (string?)seen["dialect"], (string?)seen["model"], (string?)seen["auth"], (string?)seen["key"], (string?)seen["action"]));
        Assert.NotNull(seen["policyDigest"]);
        Assert.NotEmpty(seen["label"]!.GetValue<string>());
        foreach (var secret in new[] { "marzipan", "4111", "nougat", "\"developer\"", "127.0.0.1", "10.0." })
        {
            Assert.DoesNotContain(secret, raw, StringComparison.Ordinal);
        }

        var refused = await gateway.ChatAsync(await gateway.KeyAsync("nobody"));
        (name, seen, _) = await NextAsync(reader);
        Assert.Equal((refused["Proofgate-Audit-Id"], false, 403, "policy_denied"), ((string?)seen["id"], (bool?)seen["allowed"], (int?)seen["status"], (string?)seen["reason"]));
        var unknown = await gateway.ChatAsync(developer, Samples.Chat.Replace("assistant", "nobody-knows", StringComparison.Ordinal));
        (_, seen, raw) = await NextAsync(reader);
        Assert.Equal((unknown["Proofgate-Audit-Id"], "model_not_found"), ((string?)seen["id"], (string?)seen["reason"]));
        Assert.DoesNotContain("nobody-knows", raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherTenantsDecisions_AreNotSeen()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var reader = await gateway.OpenAsync("/manage/decisions", await gateway.AdministratorAsync("contoso"));
        await gateway.ChatAsync(await gateway.DeveloperAsync());
        var ours = await gateway.ChatAsync(await gateway.KeyAsync("developer", "contoso"));
        Assert.Equal(ours["Proofgate-Audit-Id"], (string?)(await NextAsync(reader)).Data["id"]);
    }

    [Fact]
    public async Task Stream_EndsAfterItsTime_AndIsRecorded()
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.GetAsync("/manage/decisions?for=1", await gateway.AdministratorAsync());
        // Something is sent at once, so that the stream begins for the client although nothing has happened.
        Assert.Equal((200, ": keep-alive\n\nevent: end\ndata: {\"reason\":\"elapsed\"}\n\n"), (answer.Status, answer.Body));
        var outcome = await gateway.Stream.OutcomeAsync(answer["Proofgate-Audit-Id"]);
        Assert.Equal(("completed", 1, answer.Body.Length), (outcome.Result, outcome.Events, (int)outcome.BytesOut));
        Assert.True(Assert.Single(gateway.Stream.Of<DecisionEvent>()).Request.Stream);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("soon")]
    [InlineData("86401")]
    [InlineData("")]
    [InlineData("1&for=2")]
    public async Task Duration_IsANumberOfSeconds(string value)
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.GetAsync($"/manage/decisions?for={value}", await gateway.AdministratorAsync());
        Assert.Equal((400, "invalid_duration"), (answer.Status, answer.Code));
    }

    [Fact]
    [Trait("Rule", "K6")]
    public async Task Stream_Ends_WhenItsKeyIsRevoked()
    {
        await using var gateway = await TestGateway.StartAsync();
        var (admin, other) = (await gateway.AdministratorAsync(), await gateway.AdministratorAsync());
        using var reader = await gateway.OpenAsync("/manage/decisions", other);
        Assert.Equal(200, (await gateway.PostAsync($"/manage/keys/{other.Split('_')[2]}/revoke", "", admin)).Status);
        var (name, data, _) = await NextAsync(reader);
        while (name == "decision")
        {
            (name, data, _) = await NextAsync(reader);
        }

        Assert.Equal(("end", "revoked"), (name, (string?)data["reason"]));
        Assert.Equal("\n", await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Stream_Ends_WhenTheHostStops_WithoutHoldingItUp()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var reader = await gateway.OpenAsync("/manage/decisions", await gateway.AdministratorAsync());
        var stopping = gateway.StopAsync();
        var (name, data, _) = await NextAsync(reader);
        Assert.Equal(("end", "shutdown"), (name, (string?)data["reason"]));
        await stopping.WaitAsync(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task ClientThatLeaves_IsRecordedSo_AndItsPlaceIsFree()
    {
        await using var gateway = await TestGateway.StartAsync();
        var admin = await gateway.AdministratorAsync();
        var reader = await gateway.OpenAsync("/manage/decisions", admin);
        reader.Dispose();
        Assert.Equal("client_aborted", (await gateway.Stream.OutcomeAsync()).Result);
    }

    /// <summary>The next event: heartbeats are comments.</summary>
    private static async Task<(string Name, JsonNode Data, string Raw)> NextAsync(StreamReader reader)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        string? name = null;
        while (await reader.ReadLineAsync(late.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line["event: ".Length..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return (name!, JsonNode.Parse(line["data: ".Length..])!, line);
            }
        }

        throw new EndOfStreamException();
    }
}
