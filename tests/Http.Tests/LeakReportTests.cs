using Proofgate.Audit.Events;
using Proofgate.Http.Tests.Support;
using Proofgate.Identity.ApiKeys;

namespace Proofgate.Http.Tests;

/// <summary>POST /keys/leaked: no oracle, no credential, no content in logs.</summary>
[Trait("Rule", "K7")]
public sealed class LeakReportTests
{
    [Fact]
    [Trait("Rule", "K9")]
    public async Task GenuineKey_IsRevoked_AndRecordedAsLeaked()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.DeveloperAsync();
        Assert.Equal(202, (await ReportAsync(gateway, key)).Status);
        Assert.Equal(401, (await gateway.GetAsync("/v1/models", key)).Status);
        var recorded = Assert.Single(gateway.Stream.Of<KeyEvent>());
        Assert.Equal(("leaked", key.Split('_')[2], "report"), (recorded.Act, recorded.KeyId, recorded.By));
        Assert.DoesNotContain(gateway.Log.Lines, l => l.Contains(key[18..48], StringComparison.Ordinal));

        await ReportAsync(gateway, key);
        Assert.Single(gateway.Stream.Of<KeyEvent>());
    }

    [Fact]
    public async Task Answers_AreEqualByteForByte_WhateverTheKeyIs()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.DeveloperAsync();
        var other = await gateway.DeveloperAsync();
        var answers = new List<(int Status, string Body, string Headers)>();
        foreach (var text in new[] { key, key, ApiKey.Create("test").Reveal(), Forged(other), other[..^1], string.Empty, "pgk_", new string('x', 3000), "\u0000" })
        {
            var answer = await ReportAsync(gateway, text);
            answers.Add((answer.Status, answer.Body, string.Join('\n', answer.Headers
                .Where(static h => h.Key is not ("Date" or "Proofgate-Audit-Id")).OrderBy(static h => h.Key, StringComparer.Ordinal).Select(static h => $"{h.Key}: {h.Value}"))));
        }

        Assert.Equal(202, answers[0].Status);
        Assert.Single(answers.Distinct());
        Assert.Equal(200, (await gateway.GetAsync("/v1/models", other)).Status);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"key":null}""")]
    [InlineData("""{"key":7}""")]
    [InlineData("""{"key":"a","more":1}""")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task BodyThatIsNoReport_Is400(string body)
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.PostAsync("/keys/leaked", body);
        Assert.Equal((400, "invalid_json"), (answer.Status, answer.Code));
        Assert.Contains("invalid_json", await gateway.Refusals.NextAsync(answer["Proofgate-Audit-Id"]!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LargeBody_Is413()
    {
        await using var gateway = await TestGateway.StartAsync();
        Assert.Equal(413, (await ReportAsync(gateway, new string('x', 70_000))).Status);
    }

    [Fact]
    public async Task StoreThatIsOutOfReach_Is503_WhateverTheKeyIs_AndTheReportCanBeMadeAgain()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.DeveloperAsync();
        gateway.Keys.Fault = new IOException("down");
        foreach (var text in new[] { key, ApiKey.Create("test").Reveal() })
        {
            var answer = await ReportAsync(gateway, text);
            Assert.Equal((503, "temporarily_unavailable"), (answer.Status, answer.Code));
            Assert.NotNull(answer["Retry-After"]);
        }

        gateway.Keys.Fault = null;
        Assert.Equal(202, (await ReportAsync(gateway, key)).Status);
        Assert.Equal(ApiKeyState.Revoked, gateway.Keys.Records.Single().State);
    }

    [Fact]
    public async Task AuditStreamThatIsDown_KeepsNoKeyAlive_AndTellsNobodyWhichWasGenuine()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.DeveloperAsync();
        gateway.Stream.Down = static _ => true;
        var bodies = new List<string>();
        foreach (var text in new[] { key, ApiKey.Create("test").Reveal(), "no key" })
        {
            var answer = await ReportAsync(gateway, text);
            Assert.Equal(503, answer.Status);
            bodies.Add(answer.Body);
        }

        Assert.Single(bodies.Distinct());
        Assert.Equal(ApiKeyState.Revoked, gateway.Keys.Records.Single().State);
        Assert.Contains(gateway.Log.Lines, l => l.Contains(key.Split('_')[2], StringComparison.Ordinal) && !l.Contains(key[18..48], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reports_AreLimited_ForEachNetwork()
    {
        await using var gateway = await TestGateway.StartAsync(("Proofgate:Identity:LookupsPerMinute", "5"));
        var seen = new List<Answer>();
        for (var i = 0; i < 8; i++)
        {
            var request = TestGateway.Post("/keys/leaked", $$"""{"key":"{{ApiKey.Create("test").Reveal()}}"}""");
            request.Headers.Add("X-Forwarded-For", "203.0.113.9");
            seen.Add(await gateway.SendAsync(request));
        }

        Assert.Equal((202, 429), (seen[0].Status, seen[^1].Status));
        Assert.NotNull(seen[^1]["Retry-After"]);
        Assert.Equal(5, seen.Count(static a => a.Status == 202));
        Assert.Equal(202, (await ReportAsync(gateway, "another network")).Status);
    }

    private static Task<Answer> ReportAsync(TestGateway gateway, string key) =>
        gateway.PostAsync("/keys/leaked", $$"""{"key":{{System.Text.Json.JsonSerializer.Serialize(key)}}}""");

    /// <summary>A key that nobody issued, under the id of one that somebody did.</summary>
    private static string Forged(string key)
    {
        // The checksum is public knowledge: draw until one fits would take for ever, so it is computed as the issuer does.
        var body = $"{key[..18]}{ApiKey.Create("test").Reveal()[18..48]}";
        var crc = 0xFFFFFFFFu;
        foreach (var c in body)
        {
            crc ^= c;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
            }
        }

        crc = ~crc;
        const string alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        var digits = new char[6];
        for (var i = 5; i >= 0; i--, crc /= 62)
        {
            digits[i] = alphabet[(int)(crc % 62)];
        }

        var forged = body + new string(digits);
        Assert.True(ApiKey.TryParse(forged, out _));
        return forged;
    }
}
