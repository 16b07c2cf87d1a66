using Microsoft.Extensions.Options;
using Proofgate.Audit.Events;
using Proofgate.Http.Tests.Support;
using Proofgate.Support;
using Proofgate.Tests.Support;

namespace Proofgate.Http.Tests;

/// <summary>Checkpoints and hash tiles: for anybody, from caches where they can be, and not without end.</summary>
public sealed class PublishedTests
{
    private const string Checkpoint = $"/audit/log/{RecordedEvidence.Log}/checkpoint";
    private const string Tile = $"/audit/log/{RecordedEvidence.Log}/tile/0/000";

    [Theory]
    [InlineData(Checkpoint, "public, max-age=1")]
    [InlineData(Tile, "public, max-age=31536000, immutable")]
    public async Task Reads_AreLimitedByNetwork_BeforeStorageIsAsked_AndStayCacheable(string path, string caching)
    {
        using var folder = new TemporaryFolder();
        using var recorded = await RecordedEvidence.MakeAsync(folder.Path, 130, "acme");
        var store = new CountedEvidence(recorded.Store);
        await using var gateway = await TestGateway.StartAsync(recorded, store, ("Proofgate:Published:ReadsPerMinute", "5"));
        for (var i = 0; i < 5; i++)
        {
            var answer = await AskAsync(gateway, i % 2 == 0 ? HttpMethod.Get : HttpMethod.Head, path, "192.0.2.1");
            Assert.Equal((200, caching), (answer.Status, answer["Cache-Control"]));
            Assert.NotNull(answer["ETag"]);
        }

        var before = store.Calls;
        var refused = await AskAsync(gateway, HttpMethod.Get, path, "192.0.2.1");
        Assert.Equal((429, "too_many_requests", "no-store"), (refused.Status, refused.Code, refused["Cache-Control"]));
        Assert.NotNull(refused["Retry-After"]);
        Assert.Equal(before, store.Calls);
        Assert.Contains("address_limit", await gateway.Refusals.NextAsync(refused["Proofgate-Audit-Id"]!), StringComparison.Ordinal);
        Assert.Empty(gateway.Stream.Of<RefusalEvent>());

        // Another network reads on, and the one that is limited may still call with its key.
        Assert.Equal(200, (await AskAsync(gateway, HttpMethod.Get, path, "192.0.2.2")).Status);
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Add("X-Forwarded-For", "192.0.2.1");
        Assert.Equal(200, (await gateway.SendAsync(request, await gateway.DeveloperAsync())).Status);
    }

    [Fact]
    public async Task WhatIsHeldAlready_IsNotSentAgain_ButCounted()
    {
        using var folder = new TemporaryFolder();
        using var recorded = await RecordedEvidence.MakeAsync(folder.Path, 130, "acme");
        await using var gateway = await TestGateway.StartAsync(recorded, recorded.Store, ("Proofgate:Published:ReadsPerMinute", "3"));
        var tag = (await AskAsync(gateway, HttpMethod.Get, Tile, "192.0.2.1"))["ETag"]!;
        for (var i = 0; i < 3; i++)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, Tile);
            request.Headers.Add("If-None-Match", tag);
            request.Headers.Add("X-Forwarded-For", "192.0.2.1");
            Assert.Equal(i < 2 ? 304 : 429, (await gateway.SendAsync(request)).Status);
        }
    }

    [Fact]
    public async Task Health_IsNotLimited()
    {
        await using var gateway = await TestGateway.StartAsync(("Proofgate:Published:ReadsPerMinute", "1"));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(200, (await AskAsync(gateway, HttpMethod.Get, "/healthz", "192.0.2.1")).Status);
        }
    }

    [Theory]
    [InlineData("ReadsPerMinute", "0")]
    [InlineData("ReadsPerMinute", "1000001")]
    [InlineData("TrackedNetworks", "1")]
    public async Task Settings_AreCheckedAtStart_AndNamed(string key, string value)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => TestGateway.StartAsync(($"Proofgate:Published:{key}", value)));
        Assert.Contains($"Proofgate:Published:{key}", failure.Message, StringComparison.Ordinal);
    }

    private static Task<Answer> AskAsync(TestGateway gateway, HttpMethod method, string path, string from)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-Forwarded-For", from);
        return gateway.SendAsync(request);
    }
}
