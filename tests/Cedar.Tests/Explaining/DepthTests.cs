using Proofgate.Cedar.Explaining;
using Proofgate.Cedar.Residuals;
using Proofgate.Cedar.Tests.Support;

namespace Proofgate.Cedar.Tests.Explaining;

/// <summary>The deepest expressions that the parser takes: on the stack that a thread has they are answered, and with less there is no crash.</summary>
public sealed class DepthTests
{
    private const int Stack = 1536 * 1024;
    private const int LittleStack = 256 * 1024;

    private static readonly PartialRequest Partial = new(Make.Request.Principal, Make.Request.Action, new UnknownEntity("Photo"), Make.Request.Context);

    public static TheoryData<string> Deepest() =>
    [
        $"resource.n{string.Concat(Enumerable.Repeat(" + 1", CedarLimits.ExpressionHeight - 4))} == 3",
        $"resource{string.Concat(Enumerable.Repeat(".a", CedarLimits.ExpressionHeight - 3))} == 3",
        Nested(150, static inner => $"({inner} && resource.b) || resource.c"),
        Nested(CedarLimits.Nesting - 2, static inner => $"!({inner})"),
        Nested(CedarLimits.Nesting - 2, static inner => $"[{inner}, resource.x].contains(1)"),
        Nested(CedarLimits.Nesting - 2, static inner => $"if resource.x then true else {inner}"),
    ];

    [Theory]
    [MemberData(nameof(Deepest))]
    public void DeepestExpression_IsReducedExplainedAndCounted(string condition)
    {
        var set = Make.Policies($"permit(principal, action, resource) when {{ {condition} }}; forbid(principal, action, resource) when {{ {condition} }};");
        string? text = null;
        string[]? outcomes = null;
        var thread = new Thread(
            () =>
            {
                var residual = ((ResidualResult.Reduced)set.Residual(Partial, Entities.Empty)).Residual;
                text = residual.ToString() + residual.Allowed.ToString()[..1];
                residual.Evaluate(RecordValue.Empty);
                outcomes = [.. set.Explain(Make.Request, Make.Entities).Policies.Select(p => p.Outcome.ToString())];
                new Coverage(set).Record(Make.Request, Make.Entities);
            },
            Stack);
        thread.Start();
        thread.Join();

        Assert.NotNull(text);
        var refused = new Thread(() => Assert.NotNull(set.Residual(Partial, Entities.Empty)), LittleStack);
        refused.Start();
        refused.Join();
        Assert.Equal(set.Evaluate(Make.Request, Make.Entities).Errors.Count, outcomes!.Count(o => o == nameof(PolicyOutcome.Failed)));
    }

    private static string Nested(int levels, Func<string, string> wrap)
    {
        var text = "resource.a";
        for (var i = 0; i < levels; i++)
            text = wrap(text);
        return text;
    }
}
