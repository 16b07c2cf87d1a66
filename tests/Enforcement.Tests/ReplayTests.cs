using Proofgate.Audit.Events;
using Proofgate.Cedar;
using Proofgate.Enforcement.Replay;
using Proofgate.Identity;
using Proofgate.Policy;
using Proofgate.Tests.Support;

namespace Proofgate.Enforcement.Tests;

/// <summary>ledger.md: each decision is decided again from what was recorded.</summary>
public sealed class ReplayTests : IDisposable
{
    private const string Policies =
        """
        @id("developers") permit (principal in Proofgate::Role::"developer", action, resource);
        @id("agents") permit (principal == Proofgate::Client::"agent", action, resource);
        @id("label") forbid (principal, action == Proofgate::Action::"infer", resource) when { context.label > 1 };
        @id("ssn") forbid (principal, action in [Proofgate::Action::"disclose", Proofgate::Action::"reveal"], resource)
          when { context.kinds.contains(Proofgate::Kind::"US_SSN") };
        @id("hidden") forbid (principal, action == Proofgate::Action::"reveal", resource == Proofgate::Kind::"IBAN");
        @id("trial") @mode("report") forbid (principal, action == Proofgate::Action::"infer", resource) when { context.minuteOfDay > 60 };
        """;

    private readonly House _house = new();

    public void Dispose() => _house.Dispose();

    [Theory]
    [InlineData("hello")]
    [InlineData("my card is 4111 1111 1111 1111 and me@example.com")]
    public async Task Decision_IsTheSameAgain_UnderTheBundleThatItNames(string text)
    {
        var call = TextCall.Of(Policies, text) with { Answers = true, Caller = Callers.Person with { Actors = ["agent"] } };
        await using var admitted = await _house.AdmitAsync(call);

        var read = Read(_house.Stream.Single<DecisionEvent>());
        Assert.Empty(read.DifferencesFrom(call.Bundle));
        Assert.True(read.Again(call.Bundle).Allowed);
    }

    [Theory]
    [InlineData("hello", 2)]
    [InlineData("078-05-1120 is my social security number", 0)]
    public async Task Refusal_IsTheSameAgain_UnderTheBundleThatItNames(string text, long label)
    {
        var call = TextCall.Of(Policies, text) with { DeclaredLabel = label };
        await _house.RefuseAsync(call);

        var refused = _house.Stream.Single<RefusalEvent>();
        Assert.True(RecordedDecision.TryRead(refused.Decision!, refused.Personal!.Json, out var read));
        Assert.Empty(read.DifferencesFrom(call.Bundle));
        Assert.False(read.Again(call.Bundle).Allowed);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("write to me@example.com")]
    public async Task RefusalOfAProvidersTool_IsTheSameAgain(string text)
    {
        const string noSearch = """@id("no-search") forbid (principal, action == Proofgate::Action::"useTool", resource == Proofgate::Tool::"web_search");""";
        var call = TextCall.Of(Policies + noSearch, text) with { Answers = true, Tools = [Vocabulary.Tool("web_search", "openai", 1, external: true)] };
        await _house.RefuseAsync(call);

        var refused = _house.Stream.Single<RefusalEvent>();
        Assert.True(RecordedDecision.TryRead(refused.Decision!, refused.Personal!.Json, out var read));
        Assert.Empty(read.DifferencesFrom(call.Bundle));
        Assert.False(read.Again(call.Bundle).Allowed);
    }

    [Fact]
    public async Task RefusalByAKeysLimit_IsTheSameAgain()
    {
        var call = TextCall.Of(Policies) with { Caller = Callers.Application.With(new KeyLimits { Networks = [new(System.Net.IPAddress.Parse("10.0.0.0"), 8)] }, "192.0.2.1") };
        await _house.RefuseAsync(call);

        var refused = _house.Stream.Single<RefusalEvent>();
        Assert.Equal(["proofgate.key.network"], refused.Decision!.Policies);
        Assert.True(RecordedDecision.TryRead(refused.Decision, refused.Personal!.Json, out var read));
        Assert.Empty(read.DifferencesFrom(call.Bundle));
    }

    [Fact]
    public async Task Listing_IsTheSameAgain_EntryByEntry()
    {
        var call = TextCall.Of("""@id("one") permit (principal, action, resource == Proofgate::Model::"one");""");
        List<Entity> models = [Vocabulary.Model("one", "p", "eu", 1, false), Vocabulary.Model("two", "p", "eu", 1, false)];
        var listed = new List<EntityUid>();
        await using var admitted = Assert.IsType<Ruling<TextCall>.Admitted>(await _house.Pipeline.ListAsync(call, models, listed, CancellationToken.None)).Call;
        Assert.Single(listed);

        var read = Read(_house.Stream.Single<DecisionEvent>());
        Assert.Empty(read.DifferencesFrom(call.Bundle));
        Assert.NotEmpty(read.DifferencesFrom(Files("""@id("one") permit (principal, action, resource == Proofgate::Model::"two");""")));
    }

    [Fact]
    public async Task Decision_Differs_UnderAnotherBundleAndWhereTheRecordLies()
    {
        var call = TextCall.Of(Policies) with { Answers = true };
        await using var admitted = await _house.AdmitAsync(call);
        var decided = _house.Stream.Single<DecisionEvent>();

        var other = Files(Policies + """@id("no") forbid (principal, action == Proofgate::Action::"infer", resource);""");
        Assert.Contains(Read(decided).DifferencesFrom(other), static d => d == "decision: recorded True, again False");
        foreach (var lie in new[]
        {
            decided.Decision with { Allowed = false },
            decided.Decision with { Policies = ["somebody"] },
            decided.Decision with { Errors = ["label"] },
            decided.Decision with { Questions = [.. decided.Decision.Questions.Skip(1)] },
            decided.Decision with { Resource = "Proofgate::Model::\"other\"" },
        })
        {
            Assert.True(RecordedDecision.TryRead(lie, decided.Personal!.Json, out var read));
            Assert.NotEmpty(read.DifferencesFrom(call.Bundle));
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("x")]
    [InlineData("""{"request":{}}""")]
    public async Task Decision_IsNotRead_WithoutItsRequest(string personal)
    {
        await using var admitted = await _house.AdmitAsync(TextCall.Of(Policies));
        Assert.False(RecordedDecision.TryRead(_house.Stream.Single<DecisionEvent>().Decision, System.Text.Encoding.UTF8.GetBytes(personal), out _));
    }

    private static PolicyBundle Files(string policies) => Bundles.Of(policies);

    private static RecordedDecision Read(DecisionEvent decided)
    {
        Assert.True(RecordedDecision.TryRead(decided.Decision, decided.Personal!.Json, out var read));
        return read;
    }
}
