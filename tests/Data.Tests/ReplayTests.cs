using Proofgate.Audit.Events;
using Proofgate.Data.Querying;
using Proofgate.Data.Tests.Support;
using Proofgate.Enforcement.Replay;

namespace Proofgate.Data.Tests;

/// <summary>ledger.md: the decision on a query, its columns, its rows and its kinds is made again from what was recorded.</summary>
public sealed class ReplayTests
{
    private const string Rows =
        """

        @id("rows") permit (principal, action == Proofgate::Action::"readRow", resource is Proofgate::Row_people) when { resource has region && resource.region == "eu" };
        @id("seen") permit (principal, action == Proofgate::Action::"reveal", resource == Proofgate::Kind::"EMAIL_ADDRESS") when { context has dataset && context.dataset == Proofgate::Dataset::"people" };
        """;

    [Fact]
    public async Task Decision_IsTheSameAgain_AndAnotherWhereTheRowsAreOthers()
    {
        using var rig = new DataRig(People.Manifest("sqlite"), People.Permits + Rows);
        var query = Assert.IsType<QueryRead.Understood>(QueryParser.Read("""{"select":["id","email","notes"],"where":{"op":"isNull","column":"age"}}"""u8.ToArray())).Query;
        await using var admitted = await rig.House.AdmitAsync(rig.Call(query));
        Assert.Contains("EMAIL_ADDRESS", admitted.Redaction.Revealed.Select(static k => k.Name));
        Assert.Equal(2, admitted.Label);

        var decided = rig.House.Stream.Single<DecisionEvent>();
        Assert.True(RecordedDecision.TryRead(decided.Decision, decided.Personal!.Json, out var read));
        Assert.Empty(read.DifferencesFrom(rig.Bundle));
        Assert.Equal(["people"], decided.Decision.Datasets);

        using var other = new DataRig(People.Manifest("sqlite"), People.Permits + Rows.Replace("\"eu\"", "\"us\"", StringComparison.Ordinal));
        Assert.StartsWith("rows: ", Assert.Single(read.DifferencesFrom(other.Bundle)), StringComparison.Ordinal);
    }
}
