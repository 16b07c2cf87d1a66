using System.Text;
using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Cedar;
using Proofgate.Enforcement.Provenance;
using Proofgate.Enforcement.Replay;
using Proofgate.Policy;
using Proofgate.Tests.Support;

namespace Proofgate.Enforcement.Tests.Provenance;

/// <summary>What tokens say of a call raises its label, is known to policy, and stands in the ledger so that it is decided the same again.</summary>
public sealed class LineageCallTests : IDisposable
{
    private const string Permit = """@id("all") permit (principal, action, resource);""";

    private static readonly AuditId Earlier = new(new Guid("01934b2e-7a00-7000-8000-000000000001"));

    private static readonly GroundingRequest Stock = new("stock", default);

    private readonly House _house = new(grounding: new NamedRows(label: 2));
    private readonly LineageTokens _tokens;

    public LineageCallTests() => _tokens = Mint.Of(_house.Time);

    public void Dispose() => _house.Dispose();

    [Theory]
    [InlineData("public", 0, 0)]
    [InlineData("confidential", 0, 2)]
    [InlineData("internal", 2, 2)]
    [InlineData("a label of another bundle", 0, 3)]
    public async Task Label_IsAtLeastTheTokens_AndNeverLower(string label, long declared, long expected)
    {
        await using var admitted = await _house.AdmitAsync(Call(Permit, Claim(label)) with { DeclaredLabel = declared });
        Assert.Equal(expected, admitted.Label);
        Assert.Equal(expected, _house.Stream.Single<DecisionEvent>().Decision.Label);
    }

    [Fact]
    public async Task Label_IsThatOfTheHighestToken_AndWhatIsFoundRaisesItStill()
    {
        const string Manifest = """{ "name": "t", "kinds": { "EMAIL_ADDRESS": { "label": "restricted" } } }""";
        var call = TextCall.Of(Permit, "me@example.com", Manifest) with { Lineage = [Claim("internal"), Claim("confidential")] };
        await using var admitted = await _house.AdmitAsync(call);
        Assert.Equal(3, admitted.Label);
        await using var other = await _house.AdmitAsync(call with { Text = "hello" });
        Assert.Equal(2, other.Label);
    }

    [Fact]
    public async Task Refused_IsACallWhoseLabelATokenRaises()
    {
        const string Below = Permit + """@id("low") forbid (principal, action, resource) when { context.label > 1 };""";
        await using var admitted = await _house.AdmitAsync(Call(Below));
        Assert.Equal("policy_denied", (await _house.RefuseAsync(Call(Below, Claim("confidential")))).Code);
    }

    [Fact]
    public async Task Policy_MayDemandAToken_AndSeesTheDatasets()
    {
        const string Policies = Permit + """
            @id("told") forbid (principal, action == Proofgate::Action::"infer", resource) unless { context has lineage };
            @id("customers") forbid (principal, action == Proofgate::Action::"infer", resource)
              when { context has lineage && (context.lineage.datasets.contains(Proofgate::Dataset::"customers") || !context.lineage.complete) };
            """;
        Assert.Equal(["told"], (await _house.RefuseAsync(Call(Policies))).Decision!.Policies);
        Assert.Equal(["customers"], (await _house.RefuseAsync(Call(Policies, Claim("public", "orders"), Claim("public", "customers")))).Decision!.Policies);
        Assert.Equal(["customers"], (await _house.RefuseAsync(Call(Policies, Claim("public", [.. Enumerable.Range(0, 500).Select(static i => $"d{i}")])))).Decision!.Policies);
        await using var admitted = await _house.AdmitAsync(Call(Policies, Claim("public", "orders")));
    }

    [Fact]
    public async Task Decision_RecordsDatasetsAndEarlierAnswers_AndIsTheSameAgain()
    {
        const string Policies = Permit + """@id("x") forbid (principal, action, resource) when { context has lineage && context.lineage.datasets.contains(Proofgate::Dataset::"secret") };""";
        var call = Call(Policies, Claim("internal", "orders", "customers"), Claim("internal", "orders")) with { On = [Stock], Answers = true };
        await using var admitted = await _house.AdmitAsync(call);
        await _house.RefuseAsync(Call(Policies, Claim("internal", "secret")));

        var decided = _house.Stream.Single<DecisionEvent>();
        Assert.Equal(["customers", "orders", "stock"], decided.Decision.Datasets);
        Assert.Equal([Earlier.ToString()], decided.Decision.Lineage);
        Assert.Null(decided.Decision.Session);
        Assert.True(RecordedDecision.TryRead(decided.Decision, decided.Personal!.Json, out var read));
        Assert.Empty(read.DifferencesFrom(call.Bundle));
        Assert.NotEmpty(read.DifferencesFrom(Bundles.Of(Permit + """@id("x") forbid (principal, action, resource) when { context has lineage };""")));
        // What the call fetches itself is not told to policy as what a token says.
        Assert.DoesNotContain("stock", Encoding.UTF8.GetString(decided.Personal!.Json.Span), StringComparison.Ordinal);

        var refused = _house.Stream.Single<RefusalEvent>();
        Assert.Equal(["secret"], refused.Decision!.Datasets);
        Assert.True(RecordedDecision.TryRead(refused.Decision, refused.Personal!.Json, out var again));
        Assert.Empty(again.DifferencesFrom(call.Bundle));
    }

    [Fact]
    public async Task Token_OfAnAnswer_HasItsLabelAndAllThatItMayComeFrom()
    {
        var call = Call(Permit, Claim("internal", "orders")) with { On = [Stock] };
        await using var admitted = await _house.AdmitAsync(call);

        var claim = Assert.IsType<LineageReading.Valid>(_tokens.Read(_tokens.Issue(admitted), call.Caller)).Claim;
        Assert.Equal((call.Id, "confidential"), (claim.Id, claim.Label));
        Assert.Equal(["orders", "stock"], claim.Datasets);
    }

    [Fact]
    public async Task Listing_HasTheLabelOfTheTokens()
    {
        const string Below = Permit + """@id("low") forbid (principal, action, resource) when { context.label > 1 };""";
        foreach (var (label, expected) in new[] { ("internal", 1), ("confidential", 0) })
        {
            var listed = new List<EntityUid>();
            await using var admitted = Assert.IsType<Ruling<TextCall>.Admitted>(await _house.Pipeline.ListAsync(
                Call(Below, Claim(label)), [Vocabulary.Model("one", "p", "eu", 1, false)], listed, CancellationToken.None)).Call;
            Assert.Equal(expected, listed.Count);
        }
    }

    private static TextCall Call(string policies, params LineageClaim[] claims) => TextCall.Of(policies) with { Lineage = claims };

    private LineageClaim Claim(string label, params string[] datasets) => Assert.IsType<LineageReading.Valid>(_tokens.Read(
        _tokens.Issue(Callers.Application, Earlier, label, "restricted", DatasetUnion.Of(datasets, [])), Callers.Application)).Claim;
}
