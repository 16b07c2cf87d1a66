using CsCheck;
using Proofgate.Cedar.Explaining;
using Proofgate.Cedar.Syntax;
using Proofgate.Cedar.Tests.Support;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Cedar.Tests.Explaining;

public sealed class ExpressionTextTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("((1)+(2))*3 == 9", "(1 + 2) * 3 == 9")]
    [InlineData("1-(2-3) == 2", "1 - (2 - 3) == 2")]
    [InlineData("(1-2)-3 == -4", "1 - 2 - 3 == -4")]
    [InlineData("(true && (false || true)) || !(1 < 2)", "true && (false || true) || !(1 < 2)")]
    [InlineData("(if true then 1 else 2) == 1", "(if true then 1 else 2) == 1")]
    [InlineData("(-5).x == -(-5)", "(-5).x == -(-5)")]
    [InlineData("!!context.a && (!context.a).b", "!(!context.a) && (!context.a).b")]
    [InlineData("context[\"if\"].a[\"b c\"] has a.b", "context[\"if\"].a[\"b c\"] has a.b")]
    [InlineData("[2, 1, \"b\"].contains({b: 1, \"a\": [3, 2]})", "[2, 1, \"b\"].contains({\"b\": 1, \"a\": [3, 2]})")]
    [InlineData("principal is N::T in [A::\"b\"] && resource.getTag(\"x\") like \"a\\*\\\"*\"", "principal is N::T in [A::\"b\"] && resource.getTag(\"x\") like \"a\\*\\\"*\"")]
    [InlineData("ip(\"10.0.0.1\").isInRange(ip(\"10.0.0.0/8\"))", "ip(\"10.0.0.1\").isInRange(ip(\"10.0.0.0/8\"))")]
    public void Text_HasNoMoreParenthesesThanItNeeds(string text, string expected) => Assert.Equal(expected, ExpressionText.Of(Parser.ParseExpression(text)));

    [Fact]
    public void Text_OfASet_DoesNotDependOnItsOrder() =>
        Assert.Equal(ExpressionText.Shortened(SetValue.Of(1, "b", "a"), 100), ExpressionText.Shortened(SetValue.Of("a", 1, "b"), 100));

    [Fact]
    [Trait("Category", "Heavy")]
    public void Text_ReadsBack_ForRandomExpressions() => Gen.Int.Sample(
        seed =>
        {
            foreach (var policy in Make.Policies(new RandomPolicies(new Random(seed)).Policies()).Policies)
            {
                foreach (var condition in policy.Conditions)
                {
                    var text = ExpressionText.Of(condition.Body);
                    Assert.Equal(text, ExpressionText.Of(Parser.ParseExpression(text)));
                    Assert.Null(ExpressionText.TryWrite(condition.Body, text.Length - 1));
                    Assert.Equal(text, ExpressionText.TryWrite(condition.Body, text.Length));
                }
            }
        },
        iter: Counts.Of(50_000, output),
        threads: 1);

    [Fact]
    [Trait("Category", "Heavy")]
    public void Text_OfAValue_ReadsBackAsAnEqualValue() => Generators.Value.Sample(
        value =>
        {
            var evaluator = new Cedar.Evaluation.Evaluator(Make.Request, Make.Entities);
            Assert.Equal(value, Parser.ParseExpression(ExpressionText.Shortened(value, int.MaxValue)).Evaluate(evaluator));
        },
        iter: Counts.Of(50_000, output),
        threads: 1);
}
