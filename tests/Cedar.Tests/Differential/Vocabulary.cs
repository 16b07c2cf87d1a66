using Proofgate.Cedar.Syntax;

namespace Proofgate.Cedar.Tests.Differential;

/// <summary>A random schema: what entities, actions and contexts of a case look like.</summary>
internal sealed class Vocabulary
{
    // In this order an entity may be in those of its own and of later types.
    public static readonly string[] Types = ["User", "Photo", "Org::Album", "Org::Group"];

    private static readonly string[] Names = ["a", "b", "level", "name", "owner", "if", "a b", "", "é\"", "principal"];

    private readonly Dice _dice;
    private readonly Dictionary<string, Shape.RecordOf> _attributes = [];
    private readonly Dictionary<string, Shape?> _tags = [];

    public Vocabulary(Dice dice)
    {
        _dice = dice;
        foreach (var type in Types)
        {
            _attributes.Add(type, Record(2, 5));
            _tags.Add(type, dice.Percent(50) ? Any(1) : null);
        }

        Actions = [.. Enumerable.Range(0, 3).Select(n => new Kind(
            new EntityUid("Action", $"act{n}"), [Types[0], Types[3]], [dice.Pick(Types), dice.Pick(Types)], Record(2, 5), n > 0 && dice.Percent(50) ? new EntityUid("Action", $"act{n - 1}") : null))];
    }

    public IReadOnlyList<Kind> Actions { get; }

    public Shape.RecordOf Attributes(string type) => _attributes[type];

    public Shape? Tags(string type) => _tags[type];

    /// <summary>Cedar's schema syntax.</summary>
    public string Text
    {
        get
        {
            var lines = Types.Select((type, number) => (Namespace: type.Contains("::", StringComparison.Ordinal) ? "Org" : "", Line:
                $"entity {type.Split("::")[^1]} in [{string.Join(", ", Types[number..])}] {_attributes[type].Text}{(_tags[type] is { } tags ? $" tags {tags.Text}" : "")};")).ToLookup(l => l.Namespace, l => l.Line);
            var actions = Actions.Select(action =>
                $"action {StringLiteral.Quote(action.Uid.Id)}{(action.Parent is { } parent ? $" in [{StringLiteral.Quote(parent.Id)}]" : "")} appliesTo {{ principal: [{string.Join(", ", action.Principals)}], resource: [{string.Join(", ", action.Resources.Distinct())}], context: {action.Context.Text} }};");
            return $"namespace Org {{\n{string.Join('\n', lines["Org"])}\n}}\n{string.Join('\n', lines[""].Concat(actions))}\n";
        }
    }

    /// <summary>A random type, with at most <paramref name="depth"/> levels of sets and records.</summary>
    public Shape Any(int depth) => (depth == 0 ? 0 : _dice.Roll(5)) switch
    {
        3 => new Shape.SetOf(_dice.Percent(40) ? new Shape.EntityOf(_dice.Pick(Types)) : Any(depth - 1)),
        4 => Record(depth - 1, 3),
        _ => _dice.Percent(20) ? new Shape.EntityOf(_dice.Pick(Types)) : _dice.Pick(Shape.Scalars),
    };

    private Shape.RecordOf Record(int depth, int fields) =>
        new([.. _dice.Some(Names, fields).Select(name => new Shape.Field(name, Any(depth), _dice.Percent(70)))]);

    /// <summary>An action and what it applies to.</summary>
    public sealed record Kind(EntityUid Uid, IReadOnlyList<string> Principals, IReadOnlyList<string> Resources, Shape.RecordOf Context, EntityUid? Parent);
}
