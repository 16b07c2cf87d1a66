using System.Text;
using Proofgate.Cedar.Tests.Support;

namespace Proofgate.Cedar.Tests.Syntax;

/// <summary>Adversarial input gives an error with its place, also on a thread with a sixth of the usual stack.</summary>
public sealed class LimitTests
{
    private const int Deep = 100_000;

    [Theory]
    [InlineData("(", "1", ")")]
    [InlineData("[", "1", "]")]
    [InlineData("{a: ", "1", "}")]
    [InlineData("if true then ", "1", " else 2")]
    [InlineData("if ", "true", " then true else true")]
    [InlineData("if true then 1 else ", "1", "")]
    [InlineData("ip(", "1", ")")]
    [InlineData("[].contains(", "1", ")")]
    [InlineData("!(", "true", ")")]
    [InlineData("(1 + ", "1", ")")]
    [InlineData("(", "1", ").a")]
    [InlineData("[", "", "")]
    [InlineData("(", "", "")]
    [InlineData("{a:", "", "")]
    public void Nesting_IsRefused_BeyondItsLimit(string open, string middle, string close)
    {
        var text = Policy(new StringBuilder().Insert(0, open, Deep).Append(middle).Insert(open.Length * Deep + middle.Length, close, Deep).ToString());

        var error = Threads.OnStack(Threads.Small, () => Make.Errors(text)[0]);

        Assert.Contains("nested more than 200 levels", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Position);
    }

    [Theory]
    [InlineData("1", " + 1")]
    [InlineData("1", " * 1")]
    [InlineData("context", ".a")]
    [InlineData("context", "[\"a\"]")]
    [InlineData("context", ".isEmpty()")]
    [InlineData("context", ".offset(1)")]
    [InlineData("-1", " - -1")]
    public void Chain_IsRefused_BeyondTheHeightOfItsTree(string start, string link)
    {
        var text = Policy(start + new StringBuilder().Insert(0, link, Deep));

        Assert.Contains("operators deep", Threads.OnStack(Threads.Small, () => Make.Errors(text)[0]).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", " && true")]
    [InlineData("false", " || true")]
    public void Chain_OfLogic_HasNoLimitButTheText(string start, string link)
    {
        var text = Policy(start + new StringBuilder().Insert(0, link, Deep));

        Assert.True(Threads.OnStack(Threads.Small, () => Make.Policies(text).Evaluate(Make.Request, Make.Entities).Allowed));
    }

    [Fact]
    public void Nesting_IsReadAndEvaluated_UpToItsLimit()
    {
        var depth = CedarLimits.Nesting - 1;
        var text = Policy(new StringBuilder().Insert(0, "[].isEmpty() && (", depth).Append("true").Append(')', depth).ToString());

        Assert.True(Threads.OnStack(Threads.Windows, () => Make.Policies(text).Evaluate(Make.Request, Make.Entities).Allowed));
    }

    [Fact]
    public void Chain_IsReadAndEvaluated_UpToItsLimit()
    {
        var sum = "1" + new StringBuilder().Insert(0, " + 1", CedarLimits.ExpressionHeight - 2);

        Assert.True(Threads.OnStack(Threads.Windows, () => Make.Policies(Policy($"{sum} == {CedarLimits.ExpressionHeight - 1}")).Evaluate(Make.Request, Make.Entities).Allowed));
    }

    [Fact]
    public void Text_IsRefused_BeyondItsLength() =>
        Assert.Contains("characters, more than", Make.Errors(new string(' ', CedarLimits.PolicyTextLength + 1))[0].Message, StringComparison.Ordinal);

    [Fact]
    public void Name_IsQuotedShortened_HoweverLong()
    {
        var name = new string('a', Deep);

        Assert.All(Make.Errors(Policy(name) + Policy($"context has {name}.if") + Policy($"context.{name}(1)")), error => Assert.InRange(error.ToString().Length, 1, 1_000));
    }

    [Fact]
    public void Path_IsRead_HoweverLong()
    {
        // Quadratic work would show: the text is as long as any may be.
        var path = new StringBuilder().Insert(0, "a::", (CedarLimits.PolicyTextLength - 100) / 3).ToString();

        Assert.Single(Make.Policies($"permit(principal == {path}\"x\", action, resource);").Policies);
    }

    private static string Policy(string condition) => $"permit(principal, action, resource) when {{ {condition} }};";
}
