using System.Globalization;
using Proofgate.Cedar.Syntax;

namespace Proofgate.Cedar.Tests.Differential;

/// <summary>Makes a case of a seed.</summary>
internal sealed class CaseGenerator
{
    private const int Entities = 4;
    private const int Depth = 4;

    private readonly Dice _dice;
    private readonly Vocabulary _vocabulary;
    private readonly Values _values;
    private readonly int _wrong;

    private CaseGenerator(int seed)
    {
        _dice = new Dice(seed);
        _vocabulary = new Vocabulary(_dice);
        _values = new Values(_dice);

        // A third of the cases keeps to its types, so that most of their policies are valid under the schema.
        _wrong = _dice.Percent(33) ? 0 : 3;
    }

    public static Case Make(int seed) => new CaseGenerator(seed).Make();

    private Case Make()
    {
        var templates = Enumerable.Range(0, _dice.Roll(3)).Select(n => $"template{n}").ToDictionary(id => id, id => Policy(id, isTemplate: true));
        return new Case
        {
            Schema = _vocabulary.Text,
            Policies = Enumerable.Range(0, 2 + _dice.Roll(7)).Select(n => $"p{n}").ToDictionary(id => id, id => Policy(id, isTemplate: false)),
            Templates = templates,
            Links = [.. templates.SelectMany(t => Enumerable.Range(0, 1 + _dice.Roll(3)).Select(n => Link(t.Key, t.Value, $"link of {t.Key}, {n}")))],
            Entities = [.. AllEntities()],
            Requests = [.. Enumerable.Range(0, 4).Select(_ => Request())],
        };
    }

    private IEnumerable<Entity> AllEntities()
    {
        foreach (var action in _vocabulary.Actions)
            yield return new Entity(action.Uid) { Parents = action.Parent is { } parent ? [parent] : [] };

        for (var type = 0; type < Vocabulary.Types.Length; type++)
        {
            for (var number = 0; number < Entities; number++)
            {
                // One in ten is not there, though others may name it.
                if (_dice.Percent(10))
                    continue;

                var name = Vocabulary.Types[type];
                yield return new Entity(Uid(type, number))
                {
                    Parents = _dice.Some(Higher(type, number), 3),
                    Attributes = _values.Record(_vocabulary.Attributes(name)),
                    Tags = _vocabulary.Tags(name) is { } shape
                        ? RecordValue.From(_dice.Some(["", "a", "b", "ab", "level", "10.0.0.1"], 4).Select(tag => KeyValuePair.Create(tag, _values.Of(shape))))
                        : RecordValue.Empty,
                };
            }
        }
    }

    /// <summary>Later types, and later entities of the same: there is no cycle.</summary>
    private static List<EntityUid> Higher(int type, int number) =>
    [
        .. Enumerable.Range(number + 1, Entities - number).Select(n => Uid(type, n)),
        .. Enumerable.Range(type + 1, Vocabulary.Types.Length - type - 1).SelectMany(t => Enumerable.Range(0, Entities).Select(n => Uid(t, n))),
    ];

    private static EntityUid Uid(int type, int number) => new(Vocabulary.Types[type], number.ToString(CultureInfo.InvariantCulture));

    private Request Request()
    {
        var action = _dice.Pick(_vocabulary.Actions);
        return new Request(
            _values.Uid(_dice.Pick(action.Principals)),
            _dice.Percent(95) ? action.Uid : new EntityUid("Action", "unknown"),
            _values.Uid(_dice.Percent(95) ? _dice.Pick(action.Resources) : _dice.Pick(Vocabulary.Types)),
            _values.Record(action.Context));
    }

    private TemplateLink Link(string templateId, string template, string id) => new(templateId, id)
    {
        Principal = template.Contains("?principal", StringComparison.Ordinal) ? _values.Uid(_dice.Pick(["User", "Org::Group"])) : null,
        Resource = template.Contains("?resource", StringComparison.Ordinal) ? _values.Uid(_dice.Pick(Vocabulary.Types)) : null,
    };

    private string Policy(string id, bool isTemplate)
    {
        var action = _dice.Pick(_vocabulary.Actions);
        var (principal, resource) = (_dice.Pick(action.Principals), _dice.Pick(action.Resources));
        var slots = isTemplate ? 1 + _dice.Roll(3) : 0;
        var conditions = new Conditions(_dice, _vocabulary, _values, action, principal, resource, _wrong);
        var clauses = string.Concat(Enumerable.Range(0, _dice.Roll(3)).Select(_ => $"\n{(_dice.Percent(65) ? "when" : "unless")} {{ {conditions.Bool(Depth)} }}"));
        var note = _dice.Percent(20) ? $"@note({StringLiteral.Quote(_values.String())}) @flag " : "";
        return $"@id({StringLiteral.Quote(id)}) {note}{(_dice.Percent(30) ? "forbid" : "permit")}(\n  {Scope("principal", principal, (slots & 1) != 0)},\n  {ActionScope(action)},\n  {Scope("resource", resource, (slots & 2) != 0)}\n){clauses};";
    }

    private string Scope(string variable, string type, bool isSlot)
    {
        if (_wrong == 0 && !isSlot)
            return _dice.Percent(70) ? $"{variable} is {type}" : $"{variable} == {_values.Uid(type)}";

        var target = isSlot ? $"?{variable}" : _values.Uid(_dice.Percent(60) ? type : "Org::Group").ToString();
        return (isSlot ? 1 + _dice.Roll(3) : _dice.Roll(12)) switch
        {
            1 => $"{variable} == {target}",
            2 => $"{variable} in {target}",
            3 => $"{variable} is {type} in {target}",
            4 or 5 => $"{variable} is {type}",
            _ when isSlot => $"{variable} in {target}",
            _ => variable,
        };
    }

    private string ActionScope(Vocabulary.Kind action) => (_wrong == 0 ? 2 : _dice.Roll(6)) switch
    {
        0 or 1 => "action",
        2 or 3 => $"action == {action.Uid}",
        4 => $"action in {action.Uid}",
        _ => $"action in [{string.Join(", ", _dice.Some(_vocabulary.Actions, 2).Select(a => a.Uid))}]",
    };
}
