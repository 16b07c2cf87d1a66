using System.Threading.RateLimiting;
using Proofgate.Enforcement.Limits;
using Proofgate.Identity;
using Proofgate.Tests.Support;

namespace Proofgate.Enforcement.Tests.Limits;

public sealed class AdmissionTests
{
    private const string PermitAll = """@id("all") permit (principal, action, resource);""";

    [Fact]
    public async Task Rate_RefusesWith429AndWhenToComeBack_AfterTheMinutesNumber()
    {
        using var house = new House(new AdmissionOptions { RequestsPerMinute = 2 });
        for (var i = 0; i < 2; i++)
        {
            await (await house.AdmitAsync(TextCall.Of(PermitAll))).DisposeAsync();
        }

        var refusal = await house.RefuseAsync(TextCall.Of(PermitAll));
        Assert.Equal((429, "rate_limit_exceeded"), (refusal.Status, refusal.Code));
        Assert.InRange(refusal.RetryAfter!.Value, TimeSpan.FromTicks(1), TimeSpan.FromMinutes(1));
        Assert.Null(Assert.Single(house.Stream.Counted).Decision);
        // Another key has its own.
        await (await house.AdmitAsync(TextCall.Of(PermitAll) with { Caller = Callers.Application with { Client = "other" } })).DisposeAsync();
    }

    [Fact]
    public async Task Rate_IsEachPersonsOwn_ThoughTheyUseOneApplication()
    {
        using var house = new House(new AdmissionOptions { RequestsPerMinute = 1 });
        foreach (var person in new[] { "issuer:alice", "issuer:bob" })
        {
            var call = TextCall.Of(PermitAll) with { Caller = Callers.Person with { Client = "portal", Account = person } };
            await (await house.AdmitAsync(call)).DisposeAsync();
            Assert.Equal("rate_limit_exceeded", (await house.RefuseAsync(call)).Code);
        }
    }

    [Fact]
    public async Task Rate_OfTheKey_ComesBeforeTheDefault()
    {
        using var house = new House(new AdmissionOptions { RequestsPerMinute = 2 });
        var call = TextCall.Of(PermitAll) with { Caller = Callers.Application.With(new KeyLimits { RequestsPerMinute = 1 }) };
        await (await house.AdmitAsync(call)).DisposeAsync();

        Assert.Equal("rate_limit_exceeded", (await house.RefuseAsync(call)).Code);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(599)]
    [InlineData(600)]
    [InlineData(601)]
    [InlineData(1199)]
    [InlineData(10_000_000)]
    [InlineData(int.MaxValue)]
    public void Bucket_FillsUpInOneMinute_AtAnyRate(int perMinute)
    {
        var bucket = Admission.Bucket(perMinute);

        Assert.Equal(perMinute, bucket.TokenLimit);
        Assert.True(bucket.ReplenishmentPeriod >= TimeSpan.FromMilliseconds(99));
        Assert.Equal(perMinute, bucket.TokensPerPeriod * (TimeSpan.FromMinutes(1) / bucket.ReplenishmentPeriod), perMinute * 0.0001);
        using var limiter = new TokenBucketRateLimiter(bucket);
        Assert.True(limiter.AttemptAcquire().IsAcquired);
    }

    [Fact]
    public async Task Concurrency_RefusesWith429_AtTheKeysLimit()
    {
        using var house = new House(new AdmissionOptions { ConcurrentPerKey = 2 });
        await using var first = await house.AdmitAsync(TextCall.Of(PermitAll));
        await using var second = await house.AdmitAsync(TextCall.Of(PermitAll));

        var refusal = await house.RefuseAsync(TextCall.Of(PermitAll));
        Assert.Equal((429, "too_many_concurrent_requests"), (refusal.Status, refusal.Code));
        Assert.True(refusal.RetryAfter > TimeSpan.Zero);
        await using var other = await house.AdmitAsync(TextCall.Of(PermitAll) with { Caller = Callers.Application with { Client = "other" } });
    }

    [Fact]
    public async Task Overload_RefusesWith503_AtTheInstancesLimitAndGivesNoPlaceAway()
    {
        using var house = new House(new AdmissionOptions { Concurrent = 1, Waiting = 0 });
        var admitted = await house.AdmitAsync(TextCall.Of(PermitAll));
        for (var i = 0; i < 3; i++)
        {
            var refusal = await house.RefuseAsync(TextCall.Of(PermitAll) with { Caller = Callers.Application with { Client = $"key{i}" } });
            Assert.Equal((503, "overloaded"), (refusal.Status, refusal.Code));
            Assert.True(refusal.RetryAfter > TimeSpan.Zero);
        }

        await admitted.DisposeAsync();
        await (await house.AdmitAsync(TextCall.Of(PermitAll))).DisposeAsync();
    }

    [Fact]
    public async Task Overload_IsWaitedForByAFew_AndShedsThoseForWhomNoPlaceBecomesFree()
    {
        using var house = new House(new AdmissionOptions { Concurrent = 1, Waiting = 2, WaitingTime = TimeSpan.FromSeconds(1) });
        var admitted = await house.AdmitAsync(TextCall.Of(PermitAll));
        var served = house.AdmitAsync(TextCall.Of(PermitAll));
        var shed = house.RefuseAsync(TextCall.Of(PermitAll));
        // The third finds the queue full and is told so at once.
        Assert.Equal((503, "overloaded"), Brief(await house.RefuseAsync(TextCall.Of(PermitAll))));
        Assert.False(served.IsCompleted);

        await admitted.DisposeAsync();
        await using var second = await served;
        house.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((503, "overloaded"), Brief(await shed));
    }

    [Fact]
    public async Task Overload_GivesUpWithItsClient()
    {
        using var house = new House(new AdmissionOptions { Concurrent = 1 });
        await using var admitted = await house.AdmitAsync(TextCall.Of(PermitAll));
        using var client = new CancellationTokenSource();
        var waiting = house.Pipeline.AdmitAsync(TextCall.Of(PermitAll), client.Token).AsTask();

        await client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Concurrency_OfTheKey_DoesNotUseUpTheInstances()
    {
        using var house = new House(new AdmissionOptions { Concurrent = 2, ConcurrentPerKey = 1 });
        await using var first = await house.AdmitAsync(TextCall.Of(PermitAll));
        await house.RefuseAsync(TextCall.Of(PermitAll));
        await house.RefuseAsync(TextCall.Of(PermitAll));

        await using var other = await house.AdmitAsync(TextCall.Of(PermitAll) with { Caller = Callers.Application with { Client = "other" } });
    }

    [Fact]
    public async Task Budget_RefusesWith429UntilMidnight_AndIsWholeOnTheNextDay()
    {
        using var house = new House(new AdmissionOptions { TokensPerDay = 100 });
        await (await house.AdmitAsync(TextCall.Of(PermitAll) with { EstimatedTokens = 100 })).DisposeAsync();

        var refusal = await house.RefuseAsync(TextCall.Of(PermitAll) with { EstimatedTokens = 1 });
        Assert.Equal((429, "token_budget_exceeded"), (refusal.Status, refusal.Code));
        // It is 09:30.
        Assert.Equal(TimeSpan.FromHours(14.5), refusal.RetryAfter);

        house.Time.Advance(TimeSpan.FromHours(14.5));
        await (await house.AdmitAsync(TextCall.Of(PermitAll) with { EstimatedTokens = 100 })).DisposeAsync();
    }

    [Fact]
    public async Task Budget_OfYesterday_GivesNothingToToday()
    {
        using var house = new House(new AdmissionOptions { TokensPerDay = 100 });
        var late = await house.AdmitAsync(TextCall.Of(PermitAll) with { EstimatedTokens = 100 });
        house.Time.Advance(TimeSpan.FromHours(15));
        await (await house.AdmitAsync(TextCall.Of(PermitAll) with { EstimatedTokens = 100 })).DisposeAsync();

        await late.CompleteAsync(new CallOutcome { Result = "completed", Status = 200, InputTokens = 1, OutputTokens = 0 });
        await late.DisposeAsync();
        Assert.Equal("token_budget_exceeded", (await house.RefuseAsync(TextCall.Of(PermitAll) with { EstimatedTokens = 1 })).Code);
    }

    [Fact]
    public async Task Budget_OfARefusedCall_IsGivenBack()
    {
        using var house = new House(new AdmissionOptions { TokensPerDay = 100 });
        await house.RefuseAsync(TextCall.Of("""@id("no") forbid (principal, action, resource);""") with { EstimatedTokens = 100 });

        await (await house.AdmitAsync(TextCall.Of(PermitAll) with { EstimatedTokens = 100 })).DisposeAsync();
    }

    [Fact]
    public async Task Budget_OfTheKey_ComesBeforeTheDefault()
    {
        using var house = new House(new AdmissionOptions { TokensPerDay = 100 });
        var call = TextCall.Of(PermitAll) with { Caller = Callers.Application.With(new KeyLimits { TokensPerDay = 500 }), EstimatedTokens = 400 };

        await (await house.AdmitAsync(call)).DisposeAsync();
        Assert.Equal(429, (await house.RefuseAsync(call)).Status);
    }

    [Fact]
    public void Options_NameTheirKey_WhenTheyAreWrong()
    {
        var problems = new AdmissionOptions { RequestsPerMinute = 0, ConcurrentPerKey = 0, Concurrent = 0, Waiting = -1, WaitingTime = TimeSpan.FromMinutes(1), TokensPerDay = -1 }.Problems().ToList();

        Assert.Equal(6, problems.Count);
        Assert.All(problems, static p => Assert.StartsWith("Proofgate:Admission:", p, StringComparison.Ordinal));
    }

    private static (int Status, string Code) Brief(Refusal refusal) => (refusal.Status, refusal.Code);
}
