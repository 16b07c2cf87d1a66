using CsCheck;
using Proofgate.Data.Tests.Support;
using Proofgate.Policy;
using Proofgate.Support;
using Proofgate.Tests.Support;
using Xunit.Abstractions;

namespace Proofgate.Data.Tests.Properties;

/// <summary>
/// For random policies, data and queries, two sources that differ only in what the caller may not see give byte-equal answers: values, order, counts, errors.
/// What may not be seen: rows of another tenant, rows that policy does not allow or fails on, columns without readColumn, and values of kinds that are masked.
/// </summary>
public sealed class NonInterferenceTests(ITestOutputHelper output, PostgresServer postgres, AzuriteFixture azurite) : IClassFixture<PostgresServer>, IClassFixture<AzuriteFixture>
{
    private const string Limits = """{ "minGroup": 2, "maxRows": 1000 }""";

    [Fact]
    public async Task Sqlite_TellsNothingOfWhatTheCallerMayNotSee()
    {
        using var one = new SqliteSource();
        using var other = new SqliteSource();
        await HoldsAsync(one, other, Counts.Of(20_000, output));
    }

    [PostgresFact]
    public async Task PostgreSql_TellsNothingOfWhatTheCallerMayNotSee()
    {
        var (one, other) = (new PostgresSource(postgres, "one"), new PostgresSource(postgres, "other"));
        await one.CreateAsync();
        await other.CreateAsync();
        await HoldsAsync(one, other, Counts.Of(5_000, output));
    }

    [Fact]
    public async Task AzureTable_TellsNothingOfWhatTheCallerMayNotSee()
    {
        var (one, other) = (new AzureTableSource(azurite, "interferenceone"), new AzureTableSource(azurite, "interferenceother"));
        await one.CreateAsync();
        await other.CreateAsync();
        await HoldsAsync(one, other, Counts.Of(1_000, output));
    }

    [Fact]
    public async Task HttpJson_TellsNothingOfWhatTheCallerMayNotSee()
    {
        await using var one = await HttpJsonSource.StartAsync();
        await using var other = await HttpJsonSource.StartAsync();
        await HoldsAsync(one, other, Counts.Of(5_000, output));
    }

    private async Task HoldsAsync(ISourceUnderTest one, ISourceUnderTest other, int rounds)
    {
        var (answered, refused) = (0, 0);
        await Gen.Int.SampleAsync(
            async seed =>
            {
                var data = new RandomData(seed);
                var policies = PoliciesOf(data);
                using var left = new DataRig(one.Manifest(Limits), policies, one.Settings);
                using var right = new DataRig(other.Manifest(Limits), policies, other.Settings);
                var rows = Enumerable.Range(1, 14).Select(i => one.Possible(data.Row(i, 0.04))).ToList();
                await one.FillAsync(rows);
                await other.FillAsync(Twin(data, left, rows, one.Possible));
                for (var i = 0; i < 6; i++)
                {
                    var query = data.Query(data.Chance(0.3), data.Chance(0.6));
                    var (seen, alike) = (await AllAsync(left, query), await AllAsync(right, query));
                    Assert.True(seen == alike, $"{query}\n{policies}\n{seen}\n-----\n{alike}");
                    _ = seen.StartsWith('4') ? refused++ : answered++;
                }

                return true;
            },
            iter: rounds, threads: 1);
        output.WriteLine($"{answered} answered, {refused} refused");
        Assert.True(answered > rounds, $"Only {answered} were answered.");
    }

    /// <summary>Every page of the answer.</summary>
    private static async Task<string> AllAsync(DataRig rig, string query)
    {
        var (all, next) = await rig.AnswerAsync(query);
        for (var page = 0; next is not null && page < 40; page++)
        {
            (var more, next) = await rig.AnswerAsync(query[..^1] + $",\"cursor\":\"{next}\"}}");
            all += "\n" + more;
        }

        return all;
    }

    /// <summary>The same to the caller: other hidden rows, in another place, and other hidden values.</summary>
    private static List<RawRow> Twin(RandomData data, DataRig rig, List<RawRow> rows, Func<RawRow, RawRow> possible)
    {
        var scope = new Authorizer(rig.House.Time).Open(rig.Bundle, Callers.Application).Rows(rig.Dataset().ToEntity("contoso"), new CallFacts { Label = 1 });
        var text = scope.ToString();
        var used = rig.Dataset().Attributes.Where(a => text.Contains($"resource.{a.Name}", StringComparison.Ordinal) || text.Contains($"resource has {a.Name}", StringComparison.Ordinal)).ToList();
        var twin = new List<RawRow>();
        foreach (var row in rows)
        {
            if (IsVisible(row))
            {
                twin.Add(Disguised(row));
            }
            else if (data.Chance(0.7))
            {
                twin.Add(Hidden(row.Id));
            }
        }

        twin.AddRange(Enumerable.Range(1, data.Random.Next(8)).Select(i => Hidden(-i)));
        twin.AddRange(Enumerable.Range(100, data.Random.Next(8)).Select(i => Hidden(i)));
        return [.. twin.OrderBy(_ => data.Random.Next())];

        bool IsVisible(RawRow row) => row.Cells["tenant"].Text == "contoso" && row.ExistsFor(used) && scope.Allows(row.AttributesOf(rig.Dataset()));

        RawRow Hidden(long id)
        {
            for (var tries = 0; tries < 20; tries++)
            {
                if (possible(data.Row(id, 0.2)) is var row && !IsVisible(row))
                {
                    return row;
                }
            }

            var theirs = possible(data.Row(id, 0.2));
            return theirs with { Cells = new Dictionary<string, Cell>(theirs.Cells) { ["tenant"] = Cell.Of("fabrikam") } };
        }

        RawRow Disguised(RawRow row)
        {
            var cells = new Dictionary<string, Cell>(row.Cells);
            if (!cells["email"].IsNull && !row.Poisoned.Contains("email"))
            {
                cells["email"] = Cell.Of(data.Pick(["zoe@example.com", "ann@example.com"]));
            }

            if (!used.Exists(static a => a.Name == "salary"))
            {
                cells["salary"] = data.Row(1, 0).Cells["salary"];
            }

            return row with { Cells = cells };
        }
    }

    /// <summary>Sound ones: a bundle takes no others. Cards may be shown by their end, so they are the same in both.</summary>
    private static string PoliciesOf(RandomData data) => People.Permits
        + """

          @id("pseudonyms") permit (principal, action == Proofgate::Action::"reveal", resource == Proofgate::Kind::"PAYMENT_CARD");

          """
        + string.Concat(Enumerable.Range(0, data.Random.Next(1, 4)).Select(i =>
            $"@id(\"r{i}\") {(i == 0 || data.Chance(0.5) ? "permit" : "forbid")} (principal, action == Proofgate::Action::\"readRow\", resource is Proofgate::Row_people) when {{ {data.Condition(guarded: true)} }};\n"));
}
