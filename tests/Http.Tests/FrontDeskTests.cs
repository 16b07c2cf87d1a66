using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Proofgate.Audit.Events;
using Proofgate.Http.Tests.Support;

namespace Proofgate.Http.Tests;

/// <summary>What holds before an endpoint is reached, and when one fails.</summary>
public sealed class FrontDeskTests
{
    [Fact]
    [Trait("Rule", "K9")]
    public async Task UnauthenticatedRefusal_GoesToItsOwnChannel()
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.PostAsync("/v1/chat/completions", Samples.Chat);

        var recorded = await gateway.Refusals.NextAsync(answer["Proofgate-Audit-Id"]!);
        Assert.Contains("no_credential", recorded, StringComparison.Ordinal);
        Assert.Empty(gateway.Stream.Of<RefusalEvent>());
    }

    [Fact]
    public async Task UnauthenticatedRefusals_AreAnswered_WhileTheirChannelHangs()
    {
        await using var gateway = await TestGateway.StartAsync(("Proofgate:Audit:QueueCapacity", "16"), ("Proofgate:Audit:SendTimeout", "00:00:01"));
        gateway.Refusals.Hangs = true;
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(401, (await gateway.GetAsync("/v1/models")).Status);
        }

        Assert.Equal(200, (await gateway.GetAsync("/v1/models", await gateway.DeveloperAsync())).Status);
    }

    [Fact]
    [Trait("Rule", "N1")]
    [Trait("Rule", "O6")]
    public async Task ForwardedHeaders_ReachTheGatewayAsSent_WhateverItsHostTurnsOn()
    {
        await using var gateway = await TestGateway.StartAsync();
        var options = gateway.Services.GetRequiredService<IOptions<ForwardedHeadersOptions>>().Value;
        Assert.Equal(ForwardedHeaders.None, options.ForwardedHeaders);
    }

    [Fact]
    [Trait("Rule", "H7")]
    public async Task FaultOfTheGateway_Is500WithoutInternals_AndTheLogHasIt()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.DeveloperAsync();
        gateway.Upstream.Answer = static (_, _) => throw new NotSupportedException("secret internals");
        foreach (var body in new[] { Samples.Chat, Samples.StreamedChat })
        {
            var answer = await gateway.ChatAsync(key, body);
            Assert.Equal(500, answer.Status);
            Assert.Equal("internal_error", answer.Code);
            Assert.DoesNotContain("secret internals", answer.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("NotSupported", answer.Body, StringComparison.Ordinal);
            Assert.Contains(answer["Proofgate-Audit-Id"]!, answer.Body, StringComparison.Ordinal);
            Assert.Contains(gateway.Log.Lines, l => l.Contains(answer["Proofgate-Audit-Id"]!, StringComparison.Ordinal));
            Assert.Equal("gateway_failed", (await gateway.Stream.OutcomeAsync(answer["Proofgate-Audit-Id"])).Result);
        }
    }

    [Fact]
    public async Task StoreOfKeysOutOfReach_Is503_InTheRoutesOwnShape()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.DeveloperAsync();
        gateway.Keys.Fault = new IOException("secret internals");
        foreach (var path in new[] { "/v1/models", "/manage/keys" })
        {
            var answer = await gateway.GetAsync(path, key);
            Assert.Equal(503, answer.Status);
            Assert.NotNull(answer["Retry-After"]);
            Assert.Equal("identity_unavailable", answer.Code);
            Assert.DoesNotContain("internals", answer.Body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/v1/nothing")]
    [InlineData("/")]
    [InlineData("/v1%2Fmodels")]
    [InlineData("/manage/keys/../../secrets.json")]
    [InlineData("/manage/keys/AAAA%2FAAAA/revoke/x")]
    public async Task UnknownPath_Is404_AndNotKept(string path)
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.GetAsync(path, await gateway.AdministratorAsync());
        Assert.Equal(404, answer.Status);
        Assert.Equal("not_found", answer.Code);
        Assert.Equal("no-store", answer["Cache-Control"]);
    }

    [Theory]
    [InlineData("/V1/CHAT/completions")]
    [InlineData("/v1/chat/completions/")]
    [InlineData("/v1/chat/%63ompletions")]
    public async Task OtherSpellingsOfAPath_HaveTheSameControls(string path)
    {
        await using var gateway = await TestGateway.StartAsync();
        Assert.Equal(401, (await gateway.PostAsync(path, Samples.Chat)).Status);
        Assert.Equal(403, (await gateway.PostAsync(path, Samples.Chat, await gateway.KeyAsync("nobody"))).Status);
        Assert.Equal("/v1/chat/completions", Assert.Single(gateway.Stream.Of<RefusalEvent>()).Request.Route);
        Assert.Equal(0, gateway.Upstream.Asked);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n")]
    [InlineData("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n")]
    [InlineData("Transfer-Encoding: gzip, chunked\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")]
    [InlineData("Transfer-Encoding: xchunked\r\n")]
    public async Task BodyWithTwoLengths_IsRefused_AndTheConnectionCloses(string framing)
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await RawRequest.SendAsync(
            gateway.Address, "POST /v1/chat/completions HTTP/1.1", $"Authorization: Bearer {await gateway.DeveloperAsync()}\r\n{framing}",
            $"{Samples.Chat.Length:x}\r\n{Samples.Chat}\r\n0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        Assert.Equal(0, gateway.Upstream.Asked);
    }

    [Fact]
    public async Task ChunkedBody_IsTaken()
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await RawRequest.SendAsync(
            gateway.Address, "POST /v1/chat/completions HTTP/1.1", $"Authorization: Bearer {await gateway.DeveloperAsync()}\r\nTransfer-Encoding: chunked\r\n",
            $"{Samples.Chat.Length:x}\r\n{Samples.Chat}\r\n0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    public async Task HealthRoutes_AnswerGetAndHead_ToAnybody(string path)
    {
        await using var gateway = await TestGateway.StartAsync();
        var get = await gateway.GetAsync(path);
        var head = await gateway.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        Assert.Equal(200, get.Status);
        Assert.Equal(200, head.Status);
        Assert.Empty(head.Body);
        Assert.Equal(Encoding.UTF8.GetByteCount(get.Body), int.Parse(head["Content-Length"]!, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("no-store", get["Cache-Control"]);
    }

    [Fact]
    public async Task Readiness_NamesTheDependencyThatIsNotReady()
    {
        await using var gateway = await TestGateway.StartAsync();
        var ready = await gateway.GetAsync("/readyz");
        Assert.Equal("ready", (string?)ready.Json["status"]);
        Assert.Equal(["audit", "identity", "policy", "upstreams"], ready.Json["checks"]!.AsObject().Select(static c => c.Key).Order());

        gateway.Stream.Down = static _ => true;
        var down = await gateway.GetAsync("/readyz");
        Assert.Equal(503, down.Status);
        Assert.NotNull(down["Retry-After"]);
        Assert.Equal("not_ready", (string?)down.Json["status"]);
        Assert.False((bool)down.Json["checks"]!["audit"]!["ready"]!);
        Assert.True((bool)down.Json["checks"]!["policy"]!["ready"]!);
        Assert.Equal(200, (await gateway.GetAsync("/healthz")).Status);
    }
}
