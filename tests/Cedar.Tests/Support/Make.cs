using Proofgate.Cedar.Evaluation;
using Proofgate.Cedar.Syntax;

namespace Proofgate.Cedar.Tests.Support;

/// <summary>Short ways to say what most tests say.</summary>
internal static class Make
{
    public static readonly Request Request = new(Uid("User::\"alice\""), Uid("Action::\"view\""), Uid("Photo::\"pic\""), RecordValue.Of(
        ("label", 2),
        ("name", "Zoë"),
        ("tags", SetValue.Of("a", "b")),
        ("nested", RecordValue.Of(("inner", RecordValue.Of(("deep", 1)))))));

    public static readonly Entities Entities = Entities.Create([
        new Entity(Uid("User::\"alice\""))
        {
            Parents = [Uid("Group::\"staff\"")],
            Attributes = RecordValue.Of(("level", 5), ("manager", Uid("User::\"bob\"")), ("profile", RecordValue.Of(("city", "Oslo")))),
            Tags = RecordValue.Of(("team", "red")),
        },
        new Entity(Uid("Group::\"staff\"")) { Parents = [Uid("Group::\"everyone\"")] },
        new Entity(Uid("User::\"bob\"")) { Attributes = RecordValue.Of(("level", 9)) },
        new Entity(Uid("Photo::\"pic\"")) { Attributes = RecordValue.Of(("if", true), ("", "empty")) },
    ]);

    public static EntityUid Uid(string text) => EntityUid.TryParse(text, out var uid) ? uid : throw new ArgumentException(text);

    public static PolicySet Policies(string text, PolicyNaming naming = PolicyNaming.ByOrder) => PolicySet.Parse(text, null, naming) switch
    {
        PolicySetResult.Parsed parsed => parsed.Policies,
        PolicySetResult.Failed failed => throw new ArgumentException(string.Join("; ", failed.Errors)),
        _ => throw new InvalidOperationException(),
    };

    public static Schema Schema(string text) => Cedar.Schema.Parse(text) switch
    {
        SchemaResult.Parsed parsed => parsed.Schema,
        SchemaResult.Failed failed => throw new ArgumentException(string.Join("; ", failed.Errors)),
        _ => throw new InvalidOperationException(),
    };

    public static IReadOnlyList<CedarError> Errors(string text) =>
        Assert.IsType<PolicySetResult.Failed>(PolicySet.Parse(text, "test.cedar")).Errors;

    /// <summary>The value of an expression in Cedar syntax, or <c>error: </c> and why there is none.</summary>
    public static string Evaluate(string expression)
    {
        var evaluator = new Evaluator(Request, Entities);
        return Parser.ParseExpression(expression).Evaluate(evaluator)?.ToString() ?? $"error: {evaluator.Failure}";
    }
}
