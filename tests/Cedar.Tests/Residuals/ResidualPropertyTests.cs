using CsCheck;
using Proofgate.Cedar.Evaluation;
using Proofgate.Cedar.Residuals;
using Proofgate.Cedar.Tests.Support;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Cedar.Tests.Residuals;

/// <summary>A residual on a row is the direct answer with the row known: Cedar's, and the strict one, by all the ways that the residual can be read.</summary>
[Trait("Category", "Heavy")]
public sealed class ResidualPropertyTests(ITestOutputHelper output)
{
    private const int Rows = 10;

    private static readonly EntityUid Principal = new("User", "u");
    private static readonly EntityUid Action = new("Action", "read");

    [Fact]
    public void Residual_DecidesEachRow_AsTheWholePoliciesDo()
    {
        int rows = 0, open = 0, allowed = 0, failed = 0, strict = 0;
        Gen.Int.Sample(
            seed =>
            {
                var random = new Random(seed);
                var world = new RandomPolicies(random);
                var text = world.Policies();
                var entities = world.Entities();
                var context = world.Context();
                var unknown = random.Next(3) == 0 ? "n" : null;
                var request = new PartialRequest(Principal, Action, new UnknownEntity("Row") { Parents = [RandomPolicies.Parent] }, Without(context, unknown))
                {
                    UnknownContext = unknown is null ? new HashSet<string>() : new HashSet<string> { unknown },
                };
                var set = Make.Policies(text);
                var residual = Assert.IsType<ResidualResult.Reduced>(set.Residual(request, entities)).Residual;
                Assert.Equal(residual.ToString(), Assert.IsType<ResidualResult.Reduced>(set.Residual(request, entities)).Residual.ToString());
                Assert.False(residual.Allowed.CanFail);
                var reread = residual.Decided is null ? Make.Policies(residual.ToString()) : null;
                open += residual.Decided is null ? Rows : 0;

                for (var i = 0; i < Rows; i++)
                {
                    var row = world.Row();
                    var known = unknown is null || random.Next(4) == 0 ? RecordValue.Empty : RecordValue.Of((unknown, random.Next(-2, 3)));
                    var whole = new Request(Principal, Action, row.Uid, unknown is null ? context : Merged(Without(context, unknown), known));
                    var world2 = entities.With([row]);
                    var direct = set.Evaluate(whole, world2);
                    var isAllowed = IsAllowed(direct);
                    var why = $"{text}\n=> {residual}\nrow {CedarJson.Write([row])}\ncontext {whole.Context}";

                    var answer = residual.Authorize(row, known);
                    Assert.True(direct.Allowed == answer.Allowed, why);
                    Assert.True(direct.Determining.SequenceEqual(answer.Determining), why);
                    Assert.True(direct.Errors.Select(e => e.PolicyId).SequenceEqual(answer.Errors.Select(e => e.PolicyId)), why);

                    Assert.True(isAllowed == residual.Evaluate(row, known), why);
                    Assert.True(isAllowed == new Evaluator(whole, world2).Test(residual.Allowed.Lower()), $"{why}\nallowed {residual.Allowed}");
                    Assert.True(isAllowed == (reread is null ? residual.Decided : IsAllowed(reread.Evaluate(whole, world2))), why);
                    if (!residual.DependsOnIdentity && unknown is null)
                    {
                        var nameless = new Entity(new("Row", "nameless")) { Parents = row.Parents, Attributes = row.Attributes };
                        Assert.True(IsAllowed(set.Evaluate(whole with { Resource = nameless.Uid }, entities.With([nameless]))) == residual.Evaluate(row.Attributes), why);
                    }

                    rows++;
                    allowed += isAllowed ? 1 : 0;
                    failed += direct.Errors.Count > 0 ? 1 : 0;
                    strict += direct.Allowed && !isAllowed ? 1 : 0;
                }
            },
            iter: Counts.Of(100_000, output) / Rows,
            threads: 1);

        output.WriteLine($"{rows} rows, {open} of policies that the row decides, {allowed} allowed, {failed} with errors, {strict} refused by a forbid that failed");
        Assert.True(open > rows / 4 && allowed > rows / 20 && failed > rows / 20 && strict > 0);
    }

    private static bool IsAllowed(Authorization answer) => answer.Allowed && !answer.Errors.Any(e => e.Effect == Effect.Forbid);

    private static RecordValue Without(RecordValue record, string? name) => RecordValue.From(Pairs(record).Where(p => p.Key != name));

    private static RecordValue Merged(RecordValue one, RecordValue two) => RecordValue.From(Pairs(one).Concat(Pairs(two)));

    private static List<KeyValuePair<string, Value>> Pairs(RecordValue record)
    {
        var pairs = new List<KeyValuePair<string, Value>>();
        for (var i = 0; i < record.Count; i++)
            pairs.Add(new(record.Names[i], record.Values[i]));
        return pairs;
    }
}
