using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Audit.Events;
using Proofgate.Audit.Sealing;
using Proofgate.Enforcement;
using Proofgate.Enforcement.Provenance;
using Proofgate.Http.Tests.Support;

namespace Proofgate.Http.Tests;

/// <summary>Lineage and sessions through all rooms: given with every answer, honoured on every route, refused when they are not good.</summary>
public sealed class LineageTests
{
    private const string Lineage = "Proofgate-Lineage";
    private const string Session = "Proofgate-Session";

    private static readonly (string, string) Confidential = ("Proofgate-Label", "confidential");

    private static readonly Route[] Inference =
    [
        Routes.ChatCompletions, Routes.Responses, Routes.Embeddings, Routes.DeploymentChat, Routes.DeploymentEmbeddings, Routes.AzureChat, Routes.AzureEmbeddings, Routes.AzureResponses,
        Routes.VersionedResponses, Routes.Messages, Routes.TokenCount,
    ];

    private static IEnumerable<Sample> Samples => Inference.SelectMany(static r => Support.Samples.Of(r, "POST"));

    [Fact]
    public async Task EveryAnswer_HasAToken_OfItsOwnCall()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.DeveloperAsync();
        foreach (var sample in Samples)
        {
            var answer = await gateway.SendAsync(sample.Request("POST"), key);
            Assert.True(answer.Status == 200, answer.Body);
            var claim = Open(gateway, answer[Lineage]!);
            Assert.Equal((answer["Proofgate-Audit-Id"], answer["Proofgate-Label"]), (claim.Id.ToString(), claim.Label));
        }
    }

    [Fact]
    public async Task Token_RaisesTheLabelOfALaterCall_OnEveryRoute_InBodyAndHeader()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.DeveloperAsync();
        var token = await TokenAsync(gateway, key, "internal");
        var earlier = Open(gateway, token).Id.ToString();
        foreach (var sample in Samples)
        {
            foreach (var inBody in new[] { true, false })
            {
                var request = inBody ? TestGateway.Post(sample.Path, With(sample.Body!, token)) : sample.Request("POST");
                if (!inBody)
                {
                    request.Headers.Add(Lineage, token);
                }

                var answer = await gateway.SendAsync(request, key);

                Assert.True(answer.Status == 200, answer.Body);
                Assert.Equal("internal", answer["Proofgate-Label"]);
                Assert.Equal("internal", Open(gateway, answer[Lineage]!).Label);
                Assert.Equal([earlier], gateway.Stream.Of<DecisionEvent>().Single(e => e.Id.ToString() == answer["Proofgate-Audit-Id"]).Decision.Lineage);
            }
        }
    }

    [Fact]
    public async Task Body_GoesOnWithoutTheTokens_AndTheyAreNotLookedAt()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.DeveloperAsync();
        foreach (var sample in Samples)
        {
            var tokens = new JsonArray();
            for (var i = 0; i < 16; i++)
            {
                tokens.Add((JsonNode)await TokenAsync(gateway, key, "public"));
            }

            var body = JsonNode.Parse(sample.Body!)!.AsObject();
            body["proofgate"] = new JsonObject { ["lineage"] = tokens };
            var text = string.Empty;
            var seen = new List<string>();
            gateway.Upstream.Answer = (asked, _) =>
            {
                var sent = new ArrayBufferWriter<byte>();
                asked.Call.Sent.WriteUpstream(sent, "m");
                text = Encoding.UTF8.GetString(sent.WrittenSpan);
                asked.Call.Sent.VisitTexts(static (slot, all) => ((List<string>)all!).Add(slot.ToString()), seen);
                var (plain, streamed) = ScriptedUpstream.AnswersTo(asked.Call.Speech);
                return Task.FromResult(ScriptedUpstream.Of(200, asked.Call.Stream ? streamed : plain, asked.Call.Stream ? "text/event-stream" : "application/json"));
            };
            var answer = await gateway.SendAsync(TestGateway.Post(sample.Path, body.ToJsonString()), key);
            gateway.Upstream.Answer = null;

            Assert.True(answer.Status == 200, answer.Body);
            Assert.Equal("public", answer["Proofgate-Label"]);
            Assert.NotEmpty(seen);
            Assert.DoesNotContain("pgl_", text, StringComparison.Ordinal);
            Assert.DoesNotContain("proofgate", text, StringComparison.Ordinal);
            Assert.All(seen, static slot => Assert.False(slot.Contains("pgl_", StringComparison.Ordinal) || slot.Contains("proofgate", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Refused_IsACall_WhoseTokensLabelTheModelMayNotReceive()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.KeyAsync("analyst");
        var restricted = (await gateway.ChatAsync(key, Chat("regional-assistant"), ("Proofgate-Label", "restricted")))[Lineage]!;

        var refused = await gateway.ChatAsync(key, Support.Samples.Chat, (Lineage, restricted), (Session, "new"));
        Assert.Equal((403, "policy_denied"), (refused.Status, refused.Code));
        Assert.Null(refused[Session]);
        Assert.Null(refused[Lineage]);
        Assert.Equal("restricted", (await gateway.ChatAsync(key, Chat("regional-assistant"), (Lineage, restricted)))["Proofgate-Label"]);
    }

    /// <summary>Pentest: whoever attaches what was not given to them, or not as it was given, is refused in the same words, and nothing is asked of a provider.</summary>
    [Fact]
    public async Task EveryRoute_Refuses_TokensThatWereNotGivenToTheCaller()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.DeveloperAsync();
        var token = await TokenAsync(gateway, key, "internal");
        var bytes = Base64Url.DecodeFromChars(token.AsSpan(4));
        bytes[^1] ^= 1;
        (string Name, string Key, string Token)[] attacks =
        [
            ("another tenant's", await gateway.KeyAsync("developer", "fabrikam"), token),
            ("another client's", await gateway.DeveloperAsync(), token),
            ("changed", key, "pgl_" + Base64Url.EncodeToString(bytes)),
            ("cut", key, token[..^1]),
            ("longer", key, token + "A"),
            ("unsigned", key, "eyJhbGciOiJub25lIn0.e30."),
            ("an API key", key, key),
            ("empty", key, ""),
            ("unicode", key, "pgl_\u202e\u0131\U0001F600"),
        ];
        var asked = gateway.Upstream.Asked;
        var texts = new HashSet<string?>();
        foreach (var sample in Samples)
        {
            foreach (var (name, who, forged) in attacks)
            {
                var answer = await gateway.SendAsync(TestGateway.Post(sample.Path, With(sample.Body!, token, forged)), who);
                Assert.True((answer.Status, answer.Code) == (400, "invalid_lineage"), $"{name}: {answer.Status} {answer.Body}");
                Assert.Null(answer[Lineage]);
                texts.Add(answer.Json["error"]!["message"]!.GetValue<string>());
            }
        }

        Assert.Single(texts);
        Assert.Equal(asked, gateway.Upstream.Asked);
        Assert.All(gateway.Stream.Of<RefusalEvent>(), static e => Assert.Equal("invalid_lineage", e.Reason));
    }

    [Theory]
    [InlineData("A, A")]
    [InlineData("{0},")]
    [InlineData("{0} {0}")]
    [InlineData("Bearer {0}")]
    public async Task Header_ThatIsNotWhollyGood_IsRefused(string form)
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.DeveloperAsync();
        var token = await TokenAsync(gateway, key, "internal");
        var answer = await gateway.ChatAsync(key, Support.Samples.Chat, (Lineage, form.Replace("{0}", token, StringComparison.Ordinal)));
        Assert.Equal((400, "invalid_lineage"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Header_MayBeSentAgain_OrJoined_AndAllCount()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.DeveloperAsync();
        var (low, high) = (await TokenAsync(gateway, key, "public"), await TokenAsync(gateway, key, "confidential"));

        Assert.Equal("confidential", (await gateway.ChatAsync(key, Support.Samples.Chat, (Lineage, low), (Lineage, high), (Lineage, low)))["Proofgate-Label"]);
        Assert.Equal("confidential", (await gateway.ChatAsync(key, With(Support.Samples.Chat, low), (Lineage, $"{low} , {high}")))["Proofgate-Label"]);
        // Raising by hand goes on, and lowering does not.
        Assert.Equal("confidential", (await gateway.ChatAsync(key, Support.Samples.Chat, (Lineage, high), ("Proofgate-Label", "public")))["Proofgate-Label"]);
    }

    [Fact]
    public async Task Tokens_BeyondTheLimit_AreRefused()
    {
        await using var gateway = await TestGateway.StartAsync(("Proofgate:Lineage:MaxTokens", "2"));
        var key = await gateway.DeveloperAsync();
        var token = await TokenAsync(gateway, key, "public");

        Assert.Equal(200, (await gateway.ChatAsync(key, With(Support.Samples.Chat, token), (Lineage, token))).Status);
        var refused = await gateway.ChatAsync(key, With(Support.Samples.Chat, token), (Lineage, $"{token},{token}"));
        Assert.Equal((400, "invalid_lineage"), (refused.Status, refused.Code));
        Assert.Contains("2 lineage tokens", refused.Body, StringComparison.Ordinal);
        Assert.Equal("invalid_lineage", (await gateway.ChatAsync(key, With(Support.Samples.Chat, [.. Enumerable.Repeat("pgl_", 10_000)]))).Code);
        Assert.Equal("prompt_too_large", (await gateway.ChatAsync(key, With(Support.Samples.Chat, [.. Enumerable.Repeat(token, 50_000)]))).Code);
        Assert.Equal("invalid_lineage", (await gateway.ChatAsync(key, With(Support.Samples.Chat, "pgl_" + new string('A', 900_000)))).Code);
    }

    [Fact]
    public async Task Token_IsRefused_WhenItsTimeIsOver()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.DeveloperAsync();
        await TokenAsync(gateway, key, "internal");
        var old = new LineageTokens(
            new LineageSecret(AuditKeys.FromMaster(new byte[32])), gateway.Services.GetRequiredService<IOptionsMonitor<LineageSecretOptions>>(),
            Options.Create(new LineageOptions()), new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(-25))).Issue(gateway.Upstream.Last!);

        var answer = await gateway.ChatAsync(key, With(Support.Samples.Chat, old));
        Assert.Equal((400, "lineage_expired"), (answer.Status, answer.Code));
        // To another caller not even that is told.
        Assert.Equal("invalid_lineage", (await gateway.ChatAsync(await gateway.DeveloperAsync(), With(Support.Samples.Chat, old))).Code);
    }

    [Fact]
    public async Task Session_RaisesWhatFollows_OnEveryRoute()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.DeveloperAsync();
        var begun = await gateway.ChatAsync(key, Support.Samples.Chat, (Session, "new"));
        var id = begun[Session]!;
        Assert.StartsWith("pgs_", id, StringComparison.Ordinal);
        Assert.Equal("public", begun["Proofgate-Label"]);
        Assert.Equal("confidential", (await gateway.ChatAsync(key, Support.Samples.StreamedChat, (Session, id), Confidential))["Proofgate-Label"]);

        foreach (var sample in Samples.Where(static s => !s.Path.StartsWith("/v1/messages", StringComparison.Ordinal)))
        {
            var request = sample.Request("POST");
            request.Headers.Add(Session, id);
            var answer = await gateway.SendAsync(request, key);
            Assert.True(answer.Status == 200, answer.Body);
            Assert.Equal((id, "confidential"), (answer[Session], answer["Proofgate-Label"]));
            Assert.Equal("confidential", Open(gateway, answer[Lineage]!).Label);
        }

        // It would go out of the region.
        var message = TestGateway.Post("/v1/messages", Support.Samples.Message);
        message.Headers.Add(Session, id);
        var refused = await gateway.SendAsync(message, key);
        Assert.Equal((403, "policy_denied"), (refused.Status, refused.Code));

        var sessions = gateway.Stream.Of<DecisionEvent>().Select(static e => e.Decision.Session).Distinct();
        Assert.DoesNotContain(id, Assert.Single(sessions)!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_AreListed_AtTheLabelOfTheSession()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.DeveloperAsync();
        var id = (await gateway.ChatAsync(key, Support.Samples.Chat, (Session, "new"), Confidential))[Session]!;

        Assert.Equal(["assistant", "claude", "embeddings"], Named(await ModelsAsync(null)).Order());
        Assert.Equal(["assistant", "embeddings"], Named(await ModelsAsync(id)).Order());
        Assert.Equal(400, (await ModelsAsync("pgs_AAAAAAAAAAAAAAAAAAAAAAAA")).Status);

        Task<Answer> ModelsAsync(string? session)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
            if (session is not null)
            {
                request.Headers.Add(Session, session);
            }

            return gateway.SendAsync(request, key);
        }

        static IEnumerable<string> Named(Answer answer) => answer.Json["data"]!.AsArray().Select(static m => m!["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Session_OfAnotherCaller_IsAsUnknownAsAnyOther()
    {
        await using var gateway = await TestGateway.StartAsync();
        var id = (await gateway.ChatAsync(await gateway.DeveloperAsync(), Support.Samples.Chat, (Session, "new")))[Session]!;
        var (other, abroad) = (await gateway.DeveloperAsync(), await gateway.KeyAsync("developer", "fabrikam"));
        var asked = gateway.Upstream.Asked;

        var texts = new HashSet<string>();
        foreach (var (key, session) in new[] { (other, id), (abroad, id), (other, id[..^1] + (id[^1] == 'A' ? 'B' : 'A')), (other, "pgs_"), (other, "' or 1 eq 1"), (other, $"{id}, {id}") })
        {
            var answer = await gateway.ChatAsync(key, Support.Samples.Chat, (Session, session));
            Assert.Equal((400, "unknown_session"), (answer.Status, answer.Code));
            Assert.Null(answer[Session]);
            texts.Add(answer.Json["error"]!["message"]!.GetValue<string>());
        }

        Assert.Single(texts);
        var twice = await gateway.ChatAsync(other, Support.Samples.Chat, (Session, "new"), (Session, "new"));
        Assert.Equal(400, twice.Status);
        Assert.Equal(asked, gateway.Upstream.Asked);
    }

    [Fact]
    public async Task Body_WithAnythingElseOfOurs_IsRefused()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.DeveloperAsync();
        foreach (var (own, code) in new[]
        {
            ("[]", "unsupported_parameter"), ("\"x\"", "unsupported_parameter"), ("{\"lineage\":\"x\"}", "invalid_lineage"), ("{\"lineage\":[1]}", "invalid_lineage"), ("{\"lineage\":[null]}", "invalid_lineage"),
            ("{\"lineage\":[[]]}", "invalid_lineage"), ("{\"Lineage\":[]}", "unsupported_parameter"), ("{\"lineage\":[],\"lineage\":[]}", "invalid_json"), ("{\"session\":\"new\"}", "unsupported_parameter"),
            ("{\"lineage\":[\"\\ud83d\"]}", "invalid_json"),
        })
        {
            var answer = await gateway.ChatAsync(key, Support.Samples.Chat[..^1] + $",\"proofgate\":{own}}}");
            Assert.True((answer.Status, answer.Code) == (400, code), $"{own}: {answer.Body}");
        }

        foreach (var own in new[] { "null", "{}", "{\"lineage\":null}", "{\"lineage\":[]}" })
        {
            Assert.Equal(200, (await gateway.ChatAsync(key, Support.Samples.Chat[..^1] + $",\"proofgate\":{own}}}")).Status);
        }
    }

    private static string Chat(string model) => Support.Samples.Chat.Replace("\"assistant\"", $"\"{model}\"", StringComparison.Ordinal);

    private static string With(string body, params string[] tokens)
    {
        var json = JsonNode.Parse(body)!.AsObject();
        json["proofgate"] = new JsonObject { ["lineage"] = new JsonArray([.. tokens.Select(static t => (JsonNode?)JsonValue.Create(t))]) };
        return json.ToJsonString();
    }

    private static async Task<string> TokenAsync(TestGateway gateway, string key, string label) =>
        (await gateway.ChatAsync(key, Support.Samples.Chat, ("Proofgate-Label", label)))[Lineage]!;

    /// <summary>As the caller of the last call.</summary>
    private static LineageClaim Open(TestGateway gateway, string token) =>
        Assert.IsType<LineageReading.Valid>(gateway.Services.GetRequiredService<LineageTokens>().Read(token, gateway.Upstream.Last!.Call.Caller)).Claim;
}
