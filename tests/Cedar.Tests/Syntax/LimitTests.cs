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
    public void Policies_AreRefused_BeyondTheirNumber()
    {
        var text = new StringBuilder().Insert(0, "permit(principal,action,resource);", CedarLimits.Policies + 1).ToString();

        Assert.Contains("more than 50000 policies", Make.Errors(text)[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[", "N", "].contains(0)")]
    [InlineData("{", "\"aN\": N", "} has a0")]
    [InlineData("[", "[N]", "].containsAll([[0]])")]
    [InlineData("[", "{a: N}", "] == []")]
    [InlineData("principal in [", "A::\"N\"", "]")]
    public void Collection_IsReadWrittenAndEvaluated_HoweverLarge(string open, string item, string close)
    {
        // Quadratic work would show.
        var items = string.Join(", ", Enumerable.Range(0, 60_000).Select(n => item.Replace("N", $"{n}", StringComparison.Ordinal)));
        var set = Threads.OnStack(Threads.Small, () => Make.Policies(Policy($"{open}{items}{close}")));

        Assert.Empty(set.Evaluate(Make.Request, Make.Entities).Errors);
        Assert.IsType<PolicySetResult.Parsed>(PolicyJson.Parse(PolicyJson.Write(set)));
        Assert.IsType<FormatResult.Formatted>(PolicyFormatter.Format(set.Policies[0].Source));
    }

    [Fact]
    public void String_IsReadAndMatched_HoweverLong()
    {
        var text = new string('a', CedarLimits.PolicyTextLength / 4);
        var stars = new StringBuilder().Insert(0, "*a", CedarLimits.PolicyTextLength / 8).ToString();

        Assert.True(Make.Policies(Policy($"\"{text}\" like \"{stars}\"")).Evaluate(Make.Request, Make.Entities).Allowed);
    }

    [Fact]
    public void Policies_AreDecided_WhenEachFitsEveryRequest()
    {
        var set = Make.Policies(new StringBuilder().Insert(0, "permit(principal,action,resource);", CedarLimits.Policies).ToString());

        Assert.Equal(CedarLimits.Policies, Threads.OnStack(Threads.Small, () => set.Evaluate(Make.Request, Make.Entities)).Determining.Count);
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
