using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Audit.Promises;
using Proofgate.Audit.Publishing;
using Proofgate.Http.Tests.Support;
using Proofgate.Identity;
using Proofgate.Identity.ApiKeys;

namespace Proofgate.Http.Tests;

/// <summary>Invariant 3: every controlled route of the table has every control, streaming or not, whoever asks.</summary>
public sealed class RouteParityTests
{
    /// <summary>Answers that name what a caller may use: nothing permitted is an empty list, not a refusal.</summary>
    private static readonly string[] Listings = [nameof(Routes.Models), nameof(Routes.AzureModels), nameof(Routes.Datasets)];

    /// <summary>Of what a caller may not see nothing is told, not even that it is forbidden.</summary>
    private static readonly string[] Silent = [nameof(Routes.Receipts)];

    [Fact]
    public async Task EveryControlledRoute_IsServed_ForWhoMayUseIt()
    {
        await using var gateway = await TestGateway.StartAsync();
        await ForEachAsync(async (route, method, sample) =>
        {
            var answer = await gateway.SendAsync(sample.Request(method), await gateway.KeyAsync(sample.Role));
            Assert.True(answer.Status < 300 || answer.Code is "key_not_found" or "deny_entry_not_found" or "receipt_not_found" or "bundle_not_found" or "log_not_found" or "policy_in_folder", $"{method} {route.Template}: {answer.Status} {answer.Body}");
            AssertCommon(answer);
            Assert.Single(gateway.Stream.Of<DecisionEvent>(), e => e.Id.ToString() == answer["Proofgate-Audit-Id"]);
            Assert.Equal(answer.Status, (await gateway.Stream.OutcomeAsync(answer["Proofgate-Audit-Id"])).Status);
            AssertPromised(gateway, answer);
        });
    }

    [Fact]
    [Trait("Rule", "H3")]
    [Trait("Rule", "D19")]
    public async Task EveryControlledRoute_ChallengesWithoutError_WhenNoCredentialIsSent()
    {
        await using var gateway = await TestGateway.StartAsync();
        await ForEachAsync(async (route, method, sample) =>
        {
            var answer = await gateway.SendAsync(sample.Request(method));
            AssertRefused(answer, 401, route);
            Assert.DoesNotContain("error", answer["WWW-Authenticate"]!, StringComparison.Ordinal);
        });
        AssertNothingDone(gateway);
    }

    [Fact]
    [Trait("Rule", "H4")]
    public async Task EveryControlledRoute_IgnoresKeysInTheQuery()
    {
        await using var gateway = await TestGateway.StartAsync();
        await ForEachAsync(async (route, method, sample) =>
        {
            var key = await gateway.KeyAsync(sample.Role);
            AssertRefused(await gateway.SendAsync(sample.Request(method, $"?api_key={key}&access_token={key}&key={key}&authorization=Bearer%20{key}")), 401, route);
        });
        AssertNothingDone(gateway);
    }

    [Theory]
    [InlineData("Authorization", "Bearer garbage")]
    [InlineData("Authorization", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.")]
    [InlineData("Authorization", "Basic YWRtaW46YWRtaW4=")]
    [InlineData("Authorization", "Bearer")]
    [InlineData("api-key", "garbage")]
    [InlineData("x-api-key", "garbage")]
    public async Task EveryControlledRoute_Refuses_GarbageCredentials(string header, string value)
    {
        await using var gateway = await TestGateway.StartAsync();
        await ForEachAsync(async (route, method, sample) =>
        {
            var request = sample.Request(method);
            request.Headers.TryAddWithoutValidation(header, value);
            AssertRefused(await gateway.SendAsync(request), 401, route);
        });
        AssertNothingDone(gateway);
    }

    [Fact]
    public async Task EveryControlledRoute_Refuses_UnknownKeys()
    {
        await using var gateway = await TestGateway.StartAsync();
        await ForEachAsync(async (route, method, sample) =>
        {
            var answer = await gateway.SendAsync(sample.Request(method), ApiKey.Create("test").Reveal());
            AssertRefused(answer, 401, route);
            Assert.Contains("error=\"invalid_token\"", answer["WWW-Authenticate"], StringComparison.Ordinal);
        });
        AssertNothingDone(gateway);
    }

    [Fact]
    [Trait("Rule", "D19")]
    public async Task EveryControlledRoute_Refuses_TwoCredentials()
    {
        await using var gateway = await TestGateway.StartAsync();
        await ForEachAsync(async (route, method, sample) =>
        {
            var key = await gateway.KeyAsync(sample.Role);
            var request = sample.Request(method);
            request.Headers.Add("x-api-key", key);
            AssertRefused(await gateway.SendAsync(request, key), 400, route);
        });
        AssertNothingDone(gateway);
    }

    [Fact]
    public async Task EveryControlledRoute_Is403_WhenPolicyDenies()
    {
        await using var gateway = await TestGateway.StartAsync();
        await ForEachAsync(async (route, method, sample) =>
        {
            var answer = await gateway.SendAsync(sample.Request(method), await gateway.KeyAsync("nobody"));
            if (Listings.Contains(route.Name))
            {
                Assert.Equal(200, answer.Status);
                Assert.Empty((answer.Json["data"] ?? answer.Json["datasets"])!.AsArray());
                return;
            }

            if (Silent.Contains(route.Name))
            {
                AssertRefused(answer, 404, route);
                return;
            }

            AssertRefused(answer, 403, route);
            Assert.Equal("policy_denied", answer.Code);
            Assert.False(Assert.Single(gateway.Stream.Of<RefusalEvent>(), e => e.Id.ToString() == answer["Proofgate-Audit-Id"]).Decision!.Allowed);
            AssertPromised(gateway, answer);
        });
        Assert.Equal(0, gateway.Upstream.Asked);
    }

    [Fact]
    [Trait("Rule", "H5")]
    public async Task EveryControlledRoute_Is429WithRetryAfter_OverTheKeysRate()
    {
        await using var gateway = await TestGateway.StartAsync();
        await ForEachAsync(async (route, method, sample) =>
        {
            var key = await gateway.KeyAsync(sample.Role, limits: new KeyLimits { RequestsPerMinute = 1 });
            await gateway.SendAsync(sample.Request(method), key);
            var asked = gateway.Upstream.Asked;
            var answer = await gateway.SendAsync(sample.Request(method), key);
            AssertRefused(answer, 429, route);
            Assert.Equal("rate_limit_exceeded", answer.Code);
            Assert.Equal(asked, gateway.Upstream.Asked);
            Assert.Contains("rate_limit_exceeded", await gateway.Refusals.NextAsync(answer["Proofgate-Audit-Id"]!), StringComparison.Ordinal);
        });
    }

    [Fact]
    [Trait("Rule", "H5")]
    public async Task EveryControlledRoute_Is503WithRetryAfter_AndDoesNothing_WhenTheAuditStreamIsDown()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Stream.Down = static _ => true;
        await ForEachAsync(async (route, method, sample) =>
        {
            var key = await gateway.KeyAsync(sample.Role);
            var before = gateway.Keys.Records.Count();
            var denied = gateway.Denials.Entries.Count();
            var answer = await gateway.SendAsync(sample.Request(method), key);
            AssertRefused(answer, 503, route);
            Assert.Equal("audit_unavailable", answer.Code);
            Assert.Null(answer[AuditPromise.Header]);
            Assert.Equal(before, gateway.Keys.Records.Count());
            Assert.Equal(denied, gateway.Denials.Entries.Count());
        });
        Assert.Equal(0, gateway.Upstream.Asked);
    }

    [Fact]
    [Trait("Rule", "H5")]
    public async Task EveryRoute_Is405WithAllow_ForMethodsThatAreNotInTheTable()
    {
        await using var gateway = await TestGateway.StartAsync();
        foreach (var route in Routes.All)
        {
            foreach (var method in new[] { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND" }.Except(route.Methods))
            {
                var answer = await gateway.SendAsync(
                    new HttpRequestMessage(new HttpMethod(method), route.Template.Replace("{partition}", "audit-00-000000", StringComparison.Ordinal).Replace("{*tile}", "000", StringComparison.Ordinal).Replace("{auditId}", "01934b2e-7a00-7000-8000-000000000001", StringComparison.Ordinal).Replace("{kid}", "AAAAAAAA", StringComparison.Ordinal).Replace("{id}", "jti-A", StringComparison.Ordinal)), await gateway.AdministratorAsync());
                Assert.Equal(405, answer.Status);
                Assert.Equal(string.Join(", ", route.Methods), answer["Allow"]);
                AssertCommon(answer);
            }
        }

        AssertNothingDone(gateway);
    }

    /// <summary>Every route, method and way through of the table, the routes that are open by design left out.</summary>
    private static async Task ForEachAsync(Func<Route, string, Sample, Task> check)
    {
        var seen = 0;
        foreach (var route in Routes.All.Where(static r => r.Access is not (Access.Open or Access.Published or Access.Bootstrap or Access.Report)))
        {
            foreach (var method in route.Methods)
            {
                foreach (var sample in Samples.Of(route, method))
                {
                    await check(route, method, sample);
                    seen++;
                }
            }
        }

        Assert.True(seen >= 6);
    }

    private static void AssertRefused(Answer answer, int status, Route route)
    {
        Assert.True(answer.Status == status, $"{route.Name}: {answer.Status} {answer.Body}");
        AssertCommon(answer);
        Assert.NotNull(answer.Code);
        Assert.Equal(route.Errors == ErrorStyle.Problem ? "application/problem+json" : "application/json", answer["Content-Type"]);
        Assert.Equal(status == 401, answer["WWW-Authenticate"] is not null && answer.Status == 401);
        Assert.Equal(status is 429 or 503, answer["Retry-After"] is not null);
    }

    /// <summary>The process answers for the record that it was told of, and for no other.</summary>
    private static void AssertPromised(TestGateway gateway, Answer answer)
    {
        Assert.True(AuditPromise.TryParse(answer[AuditPromise.Header], out var promise), answer[AuditPromise.Header]);
        Assert.Equal((answer["Proofgate-Audit-Id"], RecordedStream.Source), (promise.Id.ToString(), promise.Source.ToString()));
        Assert.Equal(SHA256.HashData(promise.Id.Value.ToByteArray()), promise.LeafHash.ToArray());
        Assert.True(promise.IsSignedBy(gateway.Services.GetRequiredService<ProcessKey>().PublicKey));
    }

    private static void AssertCommon(Answer answer)
    {
        Assert.Equal("no-store", answer["Cache-Control"]);
        Assert.Equal("nosniff", answer["X-Content-Type-Options"]);
        Assert.True(AuditId.TryParse(answer["Proofgate-Audit-Id"], out _));
        Assert.Null(answer["Server"]);
    }

    private static void AssertNothingDone(TestGateway gateway)
    {
        Assert.Equal(0, gateway.Upstream.Asked);
        Assert.Empty(gateway.Stream.Of<DecisionEvent>());
        Assert.Empty(gateway.Stream.Of<RefusalEvent>());
    }
}
