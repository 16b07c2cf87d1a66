using Proofgate.Audit.Events;
using Proofgate.Http.Tests.Support;
using Proofgate.Inference;

namespace Proofgate.Http.Tests;

/// <summary>What the inference routes read beside the body, and how they tell of a provider's failure.</summary>
public sealed class InferenceEndpointTests
{
    [Theory]
    [InlineData(null, 0, "public")]
    [InlineData("public", 0, "public")]
    [InlineData("confidential", 2, "confidential")]
    public async Task DeclaredLabel_IsTheLabelOfTheCall(string? declared, long rank, string shown)
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = declared is null
            ? await gateway.ChatAsync(await gateway.DeveloperAsync())
            : await gateway.ChatAsync(await gateway.DeveloperAsync(), Samples.Chat, ("Proofgate-Label", declared));
        Assert.Equal(200, answer.Status);
        Assert.Equal(shown, answer["Proofgate-Label"]);
        Assert.Equal(rank, gateway.Upstream.Last!.Label);
    }

    [Fact]
    public async Task DeclaredLabel_CannotLowerWhatWasFound()
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.ChatAsync(
            await gateway.DeveloperAsync(), """{"model":"assistant","messages":[{"role":"user","content":"write to ada@example.org"}]}""", ("Proofgate-Label", "public"));
        Assert.Equal(200, answer.Status);
        Assert.Equal("internal", answer["Proofgate-Label"]);
    }

    [Fact]
    public async Task DeclaredLabel_AboveTheModels_IsDenied()
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.ChatAsync(await gateway.DeveloperAsync(), Samples.Chat, ("Proofgate-Label", "restricted"));
        Assert.Equal(403, answer.Status);
        Assert.Equal(0, gateway.Upstream.Asked);
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("")]
    [InlineData("PUBLIC")]
    [InlineData("public, restricted")]
    public async Task UnknownLabel_Is400_AndNamesTheLabels(string declared)
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.ChatAsync(await gateway.DeveloperAsync(), Samples.Chat, ("Proofgate-Label", declared));
        Assert.Equal(400, answer.Status);
        Assert.Equal("invalid_label", answer.Code);
        Assert.Contains("public, internal, confidential, restricted", answer.Body, StringComparison.Ordinal);
        Assert.Equal("invalid_label", Assert.Single(gateway.Stream.Of<RefusalEvent>()).Reason);
    }

    [Fact]
    public async Task TwoLabels_Are400()
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await RawRequest.SendAsync(
            gateway.Address, "POST /v1/chat/completions HTTP/1.1",
            $"Authorization: Bearer {await gateway.DeveloperAsync()}\r\nProofgate-Label: internal\r\nProofgate-Label: public\r\n", Samples.Chat);
        Assert.Contains("invalid_label", answer, StringComparison.Ordinal);
        Assert.Equal(0, gateway.Upstream.Asked);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(128, true)]
    [InlineData(129, false)]
    [InlineData(0, false)]
    public async Task Purpose_IsTaken_UpToItsLength(int length, bool taken)
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.ChatAsync(await gateway.DeveloperAsync(), Samples.Chat, ("Proofgate-Purpose", new string('p', length)));
        Assert.Equal(taken ? 200 : 400, answer.Status);
        if (taken)
        {
            Assert.Equal(new string('p', length), gateway.Upstream.Last!.Call.DeclaredPurpose);
        }
        else
        {
            Assert.Equal("invalid_purpose", answer.Code);
            Assert.Equal(0, gateway.Upstream.Asked);
        }
    }

    [Theory]
    [InlineData("a\u0001b")]
    [InlineData("\u001b[31m")]
    [InlineData("\u007f")]
    public async Task PurposeWithControlCharacters_Is400(string purpose)
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await RawRequest.SendAsync(
            gateway.Address, "POST /v1/chat/completions HTTP/1.1", $"Authorization: Bearer {await gateway.DeveloperAsync()}\r\nProofgate-Purpose: {purpose}\r\n", Samples.Chat);
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("invalid_purpose", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoPurposes_Are400()
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await RawRequest.SendAsync(
            gateway.Address, "POST /v1/chat/completions HTTP/1.1",
            $"Authorization: Bearer {await gateway.DeveloperAsync()}\r\nProofgate-Purpose: internal\r\nProofgate-Purpose: public\r\n", Samples.Chat);
        Assert.Contains("invalid_purpose", answer, StringComparison.Ordinal);
        Assert.Equal(0, gateway.Upstream.Asked);
    }

    [Fact]
    public async Task UnknownModel_Is404_AndItsNameIsNotInTheRecord()
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.ChatAsync(
            await gateway.DeveloperAsync(), """{"model":"patient-\u0007\u009b31m-smith","messages":[{"role":"user","content":"x"}]}""");
        Assert.Equal(404, answer.Status);
        Assert.Equal("model_not_found", answer.Code);
        Assert.DoesNotContain(answer.Body, static c => char.IsControl(c));
        var record = Assert.Single(gateway.Stream.Of<RefusalEvent>());
        Assert.Null(record.Request.Model!.Catalogue);
        Assert.DoesNotContain("smith", record.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(gateway.Log.Lines, static l => l.Contains("smith", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(429, "application/json", 429)]
    [InlineData(429, "text/html", 429)]
    [InlineData(400, "application/json", 400)]
    [InlineData(401, "application/json", 502)]
    [InlineData(500, "application/json", 502)]
    [InlineData(302, "application/json", 502)]
    [Trait("Rule", "H5")]
    public async Task ErrorOfTheProvider_IsTold_AndOurCredentialsFateIsNot(int status, string type, int told)
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Upstream.Answer = (_, _) => Task.FromResult(
            ScriptedUpstream.Of(status, """{"error":{"message":"key 4111 1111 1111 1111 of ada@example.org","code":"x"}}""", type));
        foreach (var body in new[] { Samples.Chat, Samples.StreamedChat })
        {
            var answer = await gateway.ChatAsync(await gateway.DeveloperAsync(), body);
            Assert.Equal(told, answer.Status);
            Assert.Equal(told is 429, answer["Retry-After"] is not null);
            Assert.DoesNotContain("4111", answer.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("ada@", answer.Body, StringComparison.Ordinal);
            var outcome = await gateway.Stream.OutcomeAsync(answer["Proofgate-Audit-Id"]);
            Assert.Equal(("upstream_refused", told), (outcome.Result, outcome.Status));
        }
    }

    [Fact]
    public async Task ProvidersOwnRetryAfter_IsPassedOn()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Upstream.Answer = static (_, _) => Task.FromResult(ScriptedUpstream.Of(429, "{}", retryAfter: TimeSpan.FromSeconds(17)));
        Assert.Equal("17", (await gateway.ChatAsync(await gateway.DeveloperAsync()))["Retry-After"]);
    }

    [Theory]
    [InlineData(true, 504, "upstream_timeout")]
    [InlineData(false, 502, "upstream_unavailable")]
    public async Task ProviderOutOfReach_Is502Or504(bool timedOut, int status, string code)
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Upstream.Answer = (_, _) => throw new UpstreamException("The upstream 'sample' is not there.", timedOut);
        var answer = await gateway.ChatAsync(await gateway.DeveloperAsync());
        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("{", "application/json", false)]
    [InlineData(ScriptedUpstream.Plain, "application/json", true)]
    public async Task AnswerThatCannotBeRead_Is502(string body, string type, bool stream)
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Upstream.Answer = (_, _) => Task.FromResult(ScriptedUpstream.Of(200, body, type));
        var answer = await gateway.ChatAsync(await gateway.DeveloperAsync(), stream ? Samples.StreamedChat : Samples.Chat);
        Assert.Equal((502, "upstream_failed"), (answer.Status, answer.Code));
        Assert.Equal("upstream_failed", (await gateway.Stream.OutcomeAsync()).Result);
    }

    [Fact]
    public async Task StreamedAnswer_IsAnEventStream_ThatNobodyKeeps()
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.ChatAsync(await gateway.DeveloperAsync(), Samples.StreamedChat);
        Assert.Equal(200, answer.Status);
        Assert.Equal("text/event-stream; charset=utf-8", answer["Content-Type"]);
        Assert.Equal(("no-store", "no"), (answer["Cache-Control"], answer["X-Accel-Buffering"]));
        Assert.EndsWith("data: [DONE]\n\n", answer.Body, StringComparison.Ordinal);
        var outcome = await gateway.Stream.OutcomeAsync(answer["Proofgate-Audit-Id"]);
        Assert.Equal(("completed", "stop"), (outcome.Result, outcome.FinishReason));
        Assert.True(outcome.BytesOut > 0);
    }

    [Fact]
    [Trait("Rule", "H9")]
    public async Task StreamThatEndsEarly_HasAnInBandErrorAndNoDone()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Upstream.Answer = static (_, _) => Task.FromResult(
            ScriptedUpstream.Of(200, ScriptedUpstream.Streamed[..ScriptedUpstream.Streamed.IndexOf("data: [DONE]", StringComparison.Ordinal)], "text/event-stream"));
        var answer = await gateway.ChatAsync(await gateway.DeveloperAsync(), Samples.StreamedChat);
        Assert.DoesNotContain("[DONE]", answer.Body, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"upstream_failed\"", answer.Body, StringComparison.Ordinal);
        Assert.Equal("upstream_failed", (await gateway.Stream.OutcomeAsync(answer["Proofgate-Audit-Id"])).Result);
    }

    [Fact]
    [Trait("Rule", "H1")]
    public async Task KeyThatIsRevokedBeforeTheAnswerBegins_Is401WithAChallenge()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.KeyAsync("developer");
        var admin = await gateway.AdministratorAsync();
        var kid = key.Split('_')[2];
        gateway.Upstream.Answer = async (call, stop) =>
        {
            Assert.Equal(200, (await gateway.PostAsync($"/manage/keys/{kid}/revoke", string.Empty, admin)).Status);
            await Task.Delay(Timeout.Infinite, stop);
            throw new InvalidOperationException();
        };
        var answer = await gateway.ChatAsync(key);
        Assert.Equal((401, "revoked"), (answer.Status, answer.Code));
        Assert.Contains("error=\"invalid_token\"", answer["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.Equal("revoked", (await gateway.Stream.OutcomeAsync(answer["Proofgate-Audit-Id"])).Result);
    }

    [Fact]
    public async Task ClientThatLeavesWhileTheProviderIsAsked_IsRecordedSo()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.DeveloperAsync();
        using var leaving = new CancellationTokenSource();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gateway.Upstream.Answer = async (_, stop) =>
        {
            await leaving.CancelAsync();
            stop.Register(ended.SetResult);
            await Task.Delay(Timeout.Infinite, stop);
            throw new InvalidOperationException();
        };
        using var request = TestGateway.Post("/v1/chat/completions", Samples.Chat);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gateway.Client.SendAsync(request, leaving.Token));
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var outcome = await gateway.Stream.OutcomeAsync();
        Assert.Equal(("client_aborted", 499), (outcome.Result, outcome.Status));
    }

    [Fact]
    public async Task Models_AreThoseOfTheCaller_InOneDecisionWithOneQuestionEach()
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.GetAsync("/v1/models", await gateway.DeveloperAsync());
        Assert.Equal(["assistant", "claude", "embeddings"], answer.Json["data"]!.AsArray().Select(static m => (string?)m!["id"]));

        var decision = Assert.Single(gateway.Stream.Of<DecisionEvent>()).Decision;
        Assert.Equal(
            [("assistant", true), ("board-assistant", false), ("claude", true), ("embeddings", true), ("regional-assistant", false)], decision.Questions.Where(static q => q.Action == "infer").Select(static q => (q.Resource, q.Allowed)).Order());
        Assert.Equal("completed", (await gateway.Stream.OutcomeAsync()).Result);
    }

    [Fact]
    public async Task Call_IsRefusedWithAnAddress_WhereTheUpstreamSpeaksAnotherDialect()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.DeveloperAsync();
        var chat = await gateway.ChatAsync(key, Samples.Chat.Replace("assistant", "claude", StringComparison.Ordinal));
        var message = await gateway.PostAsync("/v1/messages", Samples.Message.Replace("claude", "assistant", StringComparison.Ordinal), key);

        Assert.Equal((400, "wrong_dialect"), (chat.Status, chat.Code));
        Assert.Contains("/v1/messages", (string?)chat.Json["error"]!["message"], StringComparison.Ordinal);
        Assert.Equal(400, message.Status);
        Assert.Equal(("error", "invalid_request_error"), ((string?)message.Json["type"], (string?)message.Json["error"]!["type"]));
        Assert.Contains("/v1/chat/completions", (string?)message.Json["error"]!["message"], StringComparison.Ordinal);
        Assert.Equal(0, gateway.Upstream.Asked);
    }

    [Theory]
    [InlineData("interleaved-thinking-2025-05-14, context-1m-2025-08-07", 200, "interleaved-thinking-2025-05-14|context-1m-2025-08-07")]
    [InlineData("skills-2025-10-02", 400, null)]
    public async Task Beta_GoesOn_IfItIsListed(string header, int status, string? betas)
    {
        await using var gateway = await TestGateway.StartAsync();
        var request = TestGateway.Post("/v1/messages", Samples.Message);
        request.Headers.Add("anthropic-beta", header);
        request.Headers.Add("anthropic-version", "2023-06-01");
        Assert.Equal(status, (await gateway.SendAsync(request, await gateway.DeveloperAsync())).Status);
        Assert.Equal(betas, gateway.Upstream.Last is { } asked ? string.Join('|', asked.Call.Body.Betas) : null);
    }

    [Fact]
    public async Task ToolOfTheProvider_IsRefusedAndRecorded_WherePolicyDoesNotPermitIt()
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.PostAsync(
            "/v1/messages", """{"model":"claude","messages":[{"role":"user","content":"hi"}],"tools":[{"type":"web_search_20250305","name":"web_search"}]}""", await gateway.DeveloperAsync());

        Assert.Equal((403, "tool_not_permitted"), (answer.Status, answer.Code));
        Assert.Contains("web_search_20250305", answer.Body, StringComparison.Ordinal);
        var decision = Assert.Single(gateway.Stream.Of<RefusalEvent>()).Decision!;
        Assert.False(decision.Allowed);
        Assert.Contains(decision.Questions, static q => (q.Action, q.Resource, q.Allowed) == ("useTool", "web_search_20250305", false));
        Assert.Equal(0, gateway.Upstream.Asked);
    }
}
