using Proofgate.Enforcement.Limits;
using Proofgate.Identity;
using Proofgate.Policy;
using Proofgate.Policy.Bundles;
using Proofgate.Tests.Support;

namespace Proofgate.Enforcement.Tests.Limits;

/// <summary>The limits that a bundle states for keys, subjects, tenants and models.</summary>
public sealed class BundleLimitTests
{
    private const string PermitAll = """@id("all") permit (principal, action, resource);""";

    [Theory]
    [InlineData("keys", "with this credential")]
    [InlineData("subjects", "by this subject")]
    [InlineData("tenants", "by this tenant")]
    [InlineData("models", "to this model")]
    public async Task Rate_OfEachSort_RefusesWith429AndSaysWhose(string sort, string whose)
    {
        using var house = new House();
        var call = Call($$"""{ "{{sort}}": { "*": { "requestsPerMinute": 1 } } }""");
        await (await house.AdmitAsync(call)).DisposeAsync();

        var refusal = await house.RefuseAsync(call);

        Assert.Equal((429, "rate_limit_exceeded"), (refusal.Status, refusal.Code));
        Assert.Contains(whose, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keys")]
    [InlineData("subjects")]
    [InlineData("tenants")]
    [InlineData("models")]
    public async Task Concurrency_OfEachSort_RefusesWith429(string sort)
    {
        using var house = new House();
        var call = Call($$"""{ "{{sort}}": { "*": { "concurrent": 1 } } }""");
        var open = await house.AdmitAsync(call);

        Assert.Equal("too_many_concurrent_requests", (await house.RefuseAsync(call)).Code);

        await open.DisposeAsync();
        await (await house.AdmitAsync(call)).DisposeAsync();
    }

    [Theory]
    [InlineData("keys", "tokensPerDay", "token_budget_exceeded")]
    [InlineData("subjects", "tokensPerDay", "token_budget_exceeded")]
    [InlineData("tenants", "tokensPerDay", "token_budget_exceeded")]
    [InlineData("models", "tokensPerDay", "token_budget_exceeded")]
    [InlineData("keys", "costPerDay", "cost_budget_exceeded")]
    [InlineData("subjects", "costPerDay", "cost_budget_exceeded")]
    [InlineData("tenants", "costPerDay", "cost_budget_exceeded")]
    [InlineData("models", "costPerDay", "cost_budget_exceeded")]
    public async Task Budget_OfEachSort_IsReservedAndSettled(string sort, string member, string code)
    {
        using var house = new House();
        // A token costs one unit of the currency.
        var call = Call($$"""{ "{{sort}}": { "*": { "{{member}}": 100 } } }""") with { EstimatedTokens = 60, Price = 1_000_000 };
        var first = await house.AdmitAsync(call);
        var refusal = await house.RefuseAsync(call);
        Assert.Equal((429, code), (refusal.Status, refusal.Code));
        Assert.Equal(TimeSpan.FromHours(14.5), refusal.RetryAfter);

        // It has used less than it reserved.
        await first.CompleteAsync(new CallOutcome { Result = "completed", Status = 200, InputTokens = 30, OutputTokens = 10 });
        await first.DisposeAsync();

        await (await house.AdmitAsync(call)).DisposeAsync();
        Assert.Equal(code, (await house.RefuseAsync(call with { EstimatedTokens = 61 })).Code);
    }

    [Fact]
    public async Task NamedLimits_ComeBeforeThoseOfEverybodyElse()
    {
        using var house = new House();
        const string limits = """{ "models": { "*": { "concurrent": 1 }, "wide": { "concurrent": 2 } } }""";
        await using var first = await house.AdmitAsync(Call(limits, "wide"));
        await using var second = await house.AdmitAsync(Call(limits, "wide"));
        await using var other = await house.AdmitAsync(Call(limits, "narrow"));

        await house.RefuseAsync(Call(limits, "wide"));
        await house.RefuseAsync(Call(limits, "narrow"));
    }

    [Fact]
    public async Task Subjects_OfOtherTenants_HaveTheirOwn()
    {
        using var house = new House();
        var call = Call("""{ "subjects": { "*": { "tokensPerDay": 10 } } }""") with { EstimatedTokens = 10 };
        // Names that look alike when they are put one after the other.
        foreach (var (tenant, subject) in new[] { ("a", "b/c"), ("a/b", "c"), ("1/a", "b/c") })
        {
            var theirs = call with { Caller = call.Caller with { Tenant = tenant, Subject = subject } };
            await (await house.AdmitAsync(theirs)).CompleteAsync(new CallOutcome { Result = "completed", Status = 200, InputTokens = 10, OutputTokens = 0 });
            Assert.Equal(429, (await house.RefuseAsync(theirs)).Status);
        }
    }

    [Fact]
    public async Task Key_IsHeldByItsRecordBeforeTheBundle_AndByTheBundleBeforeTheSettings()
    {
        using var house = new House(new AdmissionOptions { TokensPerDay = 1 });
        var call = Call("""{ "keys": { "*": { "tokensPerDay": 100 } } }""") with { EstimatedTokens = 100 };
        await (await house.AdmitAsync(call)).DisposeAsync();

        var limited = call with { Caller = Callers.Application.With(new KeyLimits { TokensPerDay = 99 }) with { Client = "limited" } };
        Assert.Equal("token_budget_exceeded", (await house.RefuseAsync(limited)).Code);
    }

    [Fact]
    public async Task RefusedCalls_HoldNothing()
    {
        using var house = new House();
        // The narrow budget of the model refuses after that of the tenant was reserved.
        var call = Call("""{ "tenants": { "*": { "tokensPerDay": 100, "concurrent": 1 } }, "models": { "m": { "tokensPerDay": 10 } } }""");
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("token_budget_exceeded", (await house.RefuseAsync(call with { EstimatedTokens = 50 })).Code);
        }

        await (await house.AdmitAsync(Call("""{ "tenants": { "*": { "tokensPerDay": 100, "concurrent": 1 } } }""", "other") with { EstimatedTokens = 100 })).DisposeAsync();
    }

    [Theory]
    [InlineData("""{ "tenant": {} }""", "limits.tenant is not known here: there are keys, subjects, tenants, models.")]
    [InlineData("""{ "tenants": { "a": { "requestPerMinute": 1 } } }""", "limits.tenants.a.requestPerMinute is not known here: there are requestsPerMinute, concurrent, tokensPerDay and costPerDay.")]
    [InlineData("""{ "tenants": { "a": { "requestsPerMinute": 0 } } }""", "limits.tenants.a.requestsPerMinute must be a whole number of 1 to 10000000.")]
    [InlineData("""{ "tenants": { "a": { "concurrent": "8" } } }""", "limits.tenants.a.concurrent must be a whole number of 1 to 100000.")]
    [InlineData("""{ "tenants": { "a": { "tokensPerDay": 1.5 } } }""", "limits.tenants.a.tokensPerDay must be a whole number of 1 to 1000000000000000.")]
    [InlineData("""{ "tenants": { "a": { "costPerDay": 0 } } }""", "limits.tenants.a.costPerDay must be an amount of 0.000001 to 1000000000, in the currency of the models' prices.")]
    [InlineData("""{ "models": { "a": 5 } }""", "limits.models.a must be an object with requestsPerMinute, concurrent, tokensPerDay or costPerDay.")]
    public void Bundle_IsRefused_WhereALimitWouldNotHold(string limits, string problem)
    {
        var load = Bundles.Load([new LimitSection()], ("bundle.json", Manifest(limits)), ("p.cedar", PermitAll));

        Assert.Equal($"bundle.json: {problem}", Assert.Single(Assert.IsType<BundleLoad.Rejected>(load).Problems));
    }

    private static string Manifest(string limits) => $$"""{ "name": "test", "limits": {{limits}} }""";

    private static TextCall Call(string limits, string model = "m") => TextCall.Of(PermitAll) with
    {
        Bundle = Bundles.Of(PermitAll, Manifest(limits), [new LimitSection()]),
        Resource = Vocabulary.Model(model, "openai", "eu", 2, external: true),
        Named = model,
    };
}
