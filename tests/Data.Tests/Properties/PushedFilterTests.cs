using System.Reflection;
using System.Text;
using CsCheck;
using Proofgate.Cedar;
using Proofgate.Cedar.Residuals;
using Proofgate.Data.Tests.Support;
using Proofgate.Policy;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Data.Tests.Properties;

/// <summary>
/// For random policies, rows and queries a source gives the very rows that Cedar's evaluator, asked about each row, allows: what is pushed means what the
/// residual means, also where rows lack attributes, policies fail on them, or columns hold what they must not.
/// </summary>
public sealed class PushedFilterTests(ITestOutputHelper output, PostgresServer postgres, AzuriteFixture azurite) : IClassFixture<PostgresServer>, IClassFixture<AzuriteFixture>
{
    [Fact]
    public async Task Sqlite_AgreesWithTheEvaluator()
    {
        using var source = new SqliteSource();
        await AgreesAsync(source, Counts.Of(20_000, output));
    }

    [PostgresFact]
    public async Task PostgreSql_AgreesWithTheEvaluator()
    {
        var source = new PostgresSource(postgres, "agree");
        await source.CreateAsync();
        await AgreesAsync(source, Counts.Of(10_000, output));
    }

    [Fact]
    public async Task HttpJson_AgreesWithTheEvaluator()
    {
        await using var source = await HttpJsonSource.StartAsync();
        await AgreesAsync(source, Counts.Of(10_000, output));
    }

    /// <summary>Its filters say keys only: nearly all is decided here, and what has another order or a sum is refused.</summary>
    [Fact]
    public async Task AzureTable_AgreesWithTheEvaluator()
    {
        var source = new AzureTableSource(azurite, "agree");
        await source.CreateAsync();
        await AgreesAsync(source, Counts.Of(2_000, output), pushes: false);
    }

    private async Task AgreesAsync(ISourceUnderTest source, int rounds, bool pushes = true)
    {
        using var rig = new DataRig(source.Manifest("""{ "minGroup": 2, "maxRows": 1000 }"""), People.Permits, source.Settings);
        var (pushed, here, refused) = (0, 0, 0);
        await Gen.Int.SampleAsync(
            async seed =>
            {
                var data = new RandomData(seed);
                var rows = Enumerable.Range(1, 14).Select(i => source.Possible(data.Row(i, 0.05))).ToList();
                await source.FillAsync(rows);
                for (var i = 0; i < 4; i++)
                {
                    var scope = ScopeOf(data, rig.Dataset());
                    var aggregates = data.Chance(0.3);
                    var query = data.Query(aggregates, ordered: data.Chance(0.5));
                    bool? whole = false;
                    var differs = await Record.ExceptionAsync(async () => whole = await Evaluated.CompareAsync(rig, source, rows, scope, query));
                    Assert.True(differs is null, $"{query}\n{scope}\n{differs}");
                    switch (whole)
                    {
                        case true:
                            pushed++;
                            break;
                        case false:
                            here++;
                            break;
                        case null:
                            refused++;
                            break;
                    }
                }

                return true;
            },
            iter: rounds, threads: 1);
        output.WriteLine($"{pushed} pushed whole, {here} decided here, {refused} refused, of {rounds * 4}");
        Assert.True((pushes ? pushed : pushed + here) > rounds, $"Only {pushed} of {rounds * 4} were pushed whole, and {here} decided here.");
    }

    private static RowScope ScopeOf(RandomData data, Dataset dataset)
    {
        var text = new StringBuilder();
        for (var i = data.Random.Next(1, 4); i > 0; i--)
        {
            text.Append(data.Chance(0.7) ? "permit" : "forbid").Append(" (principal, action, resource) when { ").Append(data.Condition(guarded: false)).Append(" };\n");
        }

        var set = Assert.IsType<PolicySetResult.Parsed>(PolicySet.Parse(text.ToString())).Policies;
        var parent = Vocabulary.DatasetId(dataset.Name);
        var request = new PartialRequest(
            Vocabulary.ClientId("c"), Vocabulary.ReadRow, new UnknownEntity(Vocabulary.RowType(dataset.Name)) { Parents = [parent] }, RecordValue.Empty);
        var residual = Assert.IsType<ResidualResult.Reduced>(set.Residual(request, Entities.Create([new Entity(parent)]))).Residual;

        // Bundles are validated, and then few policies can fail: here they shall.
        return (RowScope)Activator.CreateInstance(typeof(RowScope), BindingFlags.NonPublic | BindingFlags.Instance, null, [new List<Residual> { residual }], null)!;
    }
}
