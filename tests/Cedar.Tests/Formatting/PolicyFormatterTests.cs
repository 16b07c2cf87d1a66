using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Proofgate.Cedar.Syntax;
using Proofgate.Cedar.Tests.Differential;
using Proofgate.Cedar.Tests.Support;
using Proofgate.Support;

namespace Proofgate.Cedar.Tests.Formatting;

public sealed partial class PolicyFormatterTests
{
    private static readonly string[] Gaps = [" ", " ", " ", "\n", "\n\n\n", "\t", "\r\n", "// c\n", " // c \r\n", "\n// c\n\n// c\n", "\n\n  //c\n"];

    [Fact]
    public void Sample_IsInItsLayout()
    {
        var files = Directory.GetFiles(RepositoryRoot.Of("infra", "policy", "sample"), "*.cedar");

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Equal(File.ReadAllText(file), Format(File.ReadAllText(file))));
    }

    [Fact]
    public void Policy_IsLaidOut()
    {
        const string text = """
            // The first.


            // Again.
            @id( "a" )@flag permit(principal==User::"a",action in[Action::"x" , Action::"y"],resource is Photo in ?resource,)when{context.a>-1&&!(context.b)}unless{{a:[1,2],"b":{}}.a==ip("1.1.1.1")};
            forbid ( principal , action , resource ) ; // behind
            // last
            """;

        Assert.Equal(
            """
            // The first.

            // Again.
            @id("a")
            @flag
            permit (
              principal == User::"a",
              action in [Action::"x", Action::"y"],
              resource is Photo in ?resource,
            )
            when { context.a > -1 && !(context.b) }
            unless { { a: [1, 2], "b": {} }.a == ip("1.1.1.1") };

            forbid (
              principal,
              action,
              resource
            ); // behind
            // last

            """,
            Format(text));
    }

    [Fact]
    public void LongCondition_IsBroken_BehindItsOperators()
    {
        const string text = """
            permit (principal, action, resource)
            when { principal.department == "engineering" && context.location in [Place::"oslo", Place::"bergen"] && (resource.owner == principal || resource has sharedWith && resource.sharedWith.contains(principal) && context.aVeryLongName) }
            when { if principal.department == "engineering" then context.location in Place::"oslo" else context.location in Place::"bergen" }
            when { [User::"a-long-name-of-a-user", User::"another-long-name-of-a-user", User::"a-third-long-name-of-a-user-of-this-house"].contains(principal)
              && {name: "a name that is long", other: "another name that is longer than it"}.name == context.theNameThatIs
              && context.other.containsAny([User::"a-long-name-of-a-user", User::"another-long-name-of-a-user", User::"a-third-long-name-of-a-user-of-this-house"]) };
            """;

        Assert.Equal(
            """
            permit (
              principal,
              action,
              resource
            )
            when
            {
              principal.department == "engineering" &&
              context.location in [Place::"oslo", Place::"bergen"] &&
              (resource.owner == principal ||
                resource has sharedWith && resource.sharedWith.contains(principal) && context.aVeryLongName)
            }
            when
            {
              if principal.department == "engineering"
                then context.location in Place::"oslo"
                else context.location in Place::"bergen"
            }
            when
            {
              [User::"a-long-name-of-a-user",
               User::"another-long-name-of-a-user",
               User::"a-third-long-name-of-a-user-of-this-house"].contains(principal) &&
              { name: "a name that is long", other: "another name that is longer than it" }.name == context.theNameThatIs &&
              context.other.containsAny(
                [User::"a-long-name-of-a-user",
                 User::"another-long-name-of-a-user",
                 User::"a-third-long-name-of-a-user-of-this-house"]
              )
            };

            """,
            Format(text));
    }

    [Fact]
    public void Comments_StayWhereTheyAre()
    {
        const string text = """
            permit ( // one
              principal, // two
              // three
              action == // four
                Action::"x",
              resource
            ) // five
            when { context.a // six
              && // seven
              [ 1, // eight
                2 ].contains(context.b)
              // nine
            }
            // ten
            ;
            """;

        Assert.Equal(
            """
            permit ( // one
              principal, // two
              // three
              action == // four
              Action::"x",
              resource
            ) // five
            when
            {
              context.a // six
              && // seven
              [1, // eight
               2].contains(context.b)
              // nine
            }
            // ten
            ;

            """,
            Format(text));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("  \n \n", "")]
    [InlineData("// only\n\n\n//  a comment  ", "// only\n\n//  a comment\n")]
    public void Text_WithoutPolicies_KeepsItsComments(string text, string expected) => Assert.Equal(expected, Format(text));

    [Fact]
    public void Text_ThatIsNoPolicy_IsRefused() =>
        Assert.Equal(
            "x.cedar:1:8: expected `principal`, found `)` (a scope is (principal, action, resource), each with an optional constraint)",
            Assert.Single(Assert.IsType<FormatResult.Failed>(PolicyFormatter.Format("permit();", "x.cedar")).Errors).ToString());

    [Fact]
    public void String_OfSeveralLines_IsKept()
    {
        const string text = "permit (\n  principal,\n  action,\n  resource\n)\nwhen { context.a == \"one  \n    two\" };\n";

        Assert.Equal(text, Format(text));
    }

    [Fact]
    public void Formatting_KeepsMeaningAndComments_AndIsDoneOnce() => Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 1_000_000], Gen.Int[0, 60]).Sample((seed, gaps, often) =>
    {
        var test = CaseGenerator.Make(seed);
        var written = string.Join('\n', test.Policies.Values.Concat(test.Templates.Values));
        var text = Scatter(written, new Dice(gaps), often);

        var formatted = Format(text);

        Assert.Equal(PolicyJson.Write(Make.Policies(written)), PolicyJson.Write(Make.Policies(formatted)));
        Assert.Equal(Numbered().Matches(text).Select(m => m.Value), Numbered().Matches(formatted).Select(m => m.Value));
        Assert.Equal(formatted, Format(formatted));
    }, iter: 300);

    [Fact]
    public void Nesting_IsLaidOut_UpToItsLimit()
    {
        var depth = CedarLimits.Nesting - 1;
        var text = $"permit(principal, action, resource) when {{ {new StringBuilder().Insert(0, "[].isEmpty() && (", depth).Append("true").Append(')', depth)} }};";

        Assert.Equal(PolicyJson.Write(Make.Policies(text)), PolicyJson.Write(Make.Policies(Threads.OnStack(Threads.Windows, () => Format(text)))));
    }

    [Theory]
    [InlineData("permit(principal == ", "(", "U::\"a\"", ")", ", action, resource);")]
    [InlineData("permit(principal, action in [", "(", "Action::\"a\"", ")", "], resource);")]
    [InlineData("permit(principal, action, resource) when { ", "true && ", "true", "", "};")]
    [InlineData("permit(principal == ", "a::", "b::\"a\"", "", ", action, resource);")]
    public void Chain_IsLaidOut_HoweverLong(string start, string open, string middle, string close, string end)
    {
        var text = start + new StringBuilder().Insert(0, open, 100_000) + middle + new StringBuilder().Insert(0, close, 100_000) + end;

        Assert.NotEmpty(Threads.OnStack(Threads.Small, () => Format(text)));
    }

    /// <summary>The same tokens with other space between them, and numbered comments.</summary>
    private static string Scatter(string text, Dice dice, int often)
    {
        var scattered = new StringBuilder();
        var (lexer, comments) = (new Lexer(text), 0);
        for (var token = lexer.Next(); token.Kind != TokenKind.End; token = lexer.Next())
        {
            var gap = dice.Percent(often) ? dice.Pick(Gaps) : " ";
            while (gap.Contains('c', StringComparison.Ordinal))
            {
                var at = gap.IndexOf('c', StringComparison.Ordinal);
                gap = $"{gap[..at]}#{++comments};{gap[(at + 1)..]}";
            }

            scattered.Append(gap).Append(text, token.Offset, token.Length);
        }

        return scattered.ToString();
    }

    private static string Format(string text) => PolicyFormatter.Format(text) switch
    {
        FormatResult.Formatted formatted => formatted.Text,
        FormatResult.Failed failed => throw new ArgumentException(string.Join("; ", failed.Errors)),
        _ => throw new InvalidOperationException(),
    };

    [GeneratedRegex("// ?#[0-9]+;")]
    private static partial Regex Numbered();
}
