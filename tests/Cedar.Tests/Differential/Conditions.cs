using Proofgate.Cedar.Syntax;

namespace Proofgate.Cedar.Tests.Differential;

/// <summary>Random expressions of a type, as text: every operator and function, mostly well typed, some not.</summary>
internal sealed class Conditions
{
    private const int Reach = 3;

    private readonly Dice _dice;
    private readonly Vocabulary _vocabulary;
    private readonly Values _values;
    private readonly List<(string Text, Shape Shape, string? Guard)> _paths = [];
    private readonly int _wrong;
    private readonly int _unguarded;

    /// <param name="dice">Chance.</param>
    /// <param name="vocabulary">The schema.</param>
    /// <param name="values">For literals.</param>
    /// <param name="action">The action that the policy is about.</param>
    /// <param name="principal">The type of its principals.</param>
    /// <param name="resource">The type of its resources.</param>
    /// <param name="wrong">Percent of operands of a random type. If it is 0, an attribute that may be missing is used behind its test only.</param>
    public Conditions(Dice dice, Vocabulary vocabulary, Values values, Vocabulary.Kind action, string principal, string resource, int wrong)
    {
        (_dice, _vocabulary, _values, _wrong) = (dice, vocabulary, values, wrong);
        _unguarded = wrong == 0 ? 0 : 25;
        Follow("principal", new Shape.EntityOf(principal), null, 0);
        Follow("resource", new Shape.EntityOf(resource), null, 0);
        Follow("context", action.Context, null, 0);
    }

    public string Bool(int depth) => Of(Shape.Bool, depth);

    /// <summary>An expression that can stand anywhere: parentheses are around it where it needs them.</summary>
    public string Of(Shape wanted, int depth)
    {
        var shape = _dice.Percent(_wrong) ? _vocabulary.Any(1) : wanted;
        if (depth <= 0 || _dice.Percent(15))
            return Leaf(shape);
        if (_dice.Percent(6))
            return $"(if {Bool(depth - 1)} then {Of(shape, depth - 1)} else {Of(shape, depth - 1)})";

        return shape switch
        {
            Shape.EntityOf or Shape.RecordOf when _dice.Percent(80) => Leaf(shape),
            Shape.EntityOf => Leaf(shape),
            Shape.SetOf set => $"[{string.Join(", ", Enumerable.Range(0, _dice.Roll(4)).Select(_ => Of(set.Element, depth - 1)))}]",
            Shape.RecordOf record => $"{{{string.Join(", ", record.Fields.Where(f => f.IsRequired || _dice.Percent(50)).Select(f => $"{StringLiteral.Quote(f.Name)}: {Of(f.Shape, depth - 1)}"))}}}",
            _ when shape == Shape.Bool => Test(depth),
            _ when shape == Shape.Long => Number(depth),
            _ when shape == Shape.Datetime => Datetime(depth),
            _ when shape == Shape.Duration => Duration(depth),
            _ => Leaf(shape),
        };
    }

    private string Leaf(Shape shape)
    {
        var fitting = _paths.FindAll(path => path.Shape.IsSameAs(shape) && (path.Guard is null || _dice.Percent(_unguarded)));
        if (fitting.Count > 0 && _dice.Percent(70))
            return _dice.Pick(fitting).Text;
        if (shape == Shape.Decimal || shape == Shape.Ip || shape == Shape.Datetime || shape == Shape.Duration)
            return Constructed(shape);
        if (_dice.Percent(10) && TagOf(shape) is { } tag)
            return tag;

        var literal = _values.Of(shape).ToString();
        return literal[0] == '-' ? $"({literal})" : literal;
    }

    private string Constructed(Shape shape)
    {
        var name = shape == Shape.Decimal ? "decimal" : shape == Shape.Ip ? "ip" : shape == Shape.Datetime ? "datetime" : "duration";
        return _dice.Percent(4) ? $"{name}({Of(Shape.String, 0)})" : $"{name}({StringLiteral.Quote(_values.Argument(shape))})";
    }

    private string? TagOf(Shape shape)
    {
        var tagged = _paths.FindAll(path => path.Shape is Shape.EntityOf entity && _vocabulary.Tags(entity.Type) is { } tags && tags.IsSameAs(shape));
        return tagged.Count == 0 ? null : $"{_dice.Pick(tagged).Text}.getTag({Of(Shape.String, 0)})";
    }

    private string Number(int depth) => _dice.Roll(8) switch
    {
        0 => $"({Of(Shape.Long, depth - 1)} + {Of(Shape.Long, depth - 1)})",
        1 => $"({Of(Shape.Long, depth - 1)} - {Of(Shape.Long, depth - 1)})",
        2 => $"({Of(Shape.Long, depth - 1)} * {Of(Shape.Long, depth - 1)})",
        3 => $"(-{Of(Shape.Long, depth - 1)})",
        4 => $"{Of(Shape.Duration, depth - 1)}.{_dice.Pick(["toMilliseconds", "toSeconds", "toMinutes", "toHours", "toDays"])}()",
        _ => Leaf(Shape.Long),
    };

    private string Datetime(int depth) => _dice.Roll(4) switch
    {
        0 => $"{Of(Shape.Datetime, depth - 1)}.offset({Of(Shape.Duration, depth - 1)})",
        1 => $"{Of(Shape.Datetime, depth - 1)}.toDate()",
        _ => Leaf(Shape.Datetime),
    };

    private string Duration(int depth) => _dice.Roll(4) switch
    {
        0 => $"{Of(Shape.Datetime, depth - 1)}.durationSince({Of(Shape.Datetime, depth - 1)})",
        1 => $"{Of(Shape.Datetime, depth - 1)}.toTime()",
        _ => Leaf(Shape.Duration),
    };

    private string Test(int depth)
    {
        var shape = _vocabulary.Any(1);
        switch (_dice.Roll(16))
        {
            case 0:
                return $"({string.Join(" && ", Enumerable.Range(0, 2 + _dice.Roll(2)).Select(_ => Bool(depth - 1)))})";
            case 1:
                return $"({string.Join(" || ", Enumerable.Range(0, 2 + _dice.Roll(2)).Select(_ => Bool(depth - 1)))})";
            case 2:
                return $"({Bool(depth - 1)} || {Bool(depth - 1)} && {Bool(depth - 1)})";
            case 3:
                return $"(!{Bool(depth - 1)})";
            case 4:
                return $"({Of(shape, depth - 1)} {_dice.Pick(["==", "!="])} {Of(shape, depth - 1)})";
            case 5:
                var ordered = _dice.Pick([Shape.Long, Shape.Long, Shape.Datetime, Shape.Duration]);
                return $"({Of(ordered, depth - 1)} {_dice.Pick(["<", "<=", ">", ">="])} {Of(ordered, depth - 1)})";
            case 6:
                return $"({Entity(depth)} in {(_dice.Percent(60) ? Entity(depth) : $"[{Entity(depth)}, {Entity(depth)}]")})";
            case 7:
                return $"({Entity(depth)} is {_dice.Pick(Vocabulary.Types)}{(_dice.Percent(50) ? $" in {Entity(depth)}" : "")})";
            case 8:
                return Has(depth);
            case 9:
                return $"{Entity(depth)}.hasTag({Of(Shape.String, depth - 1)})";
            case 10:
                return $"{Of(new Shape.SetOf(shape), depth - 1)}.contains({Of(shape, depth - 1)})";
            case 11:
                return $"{Of(new Shape.SetOf(shape), depth - 1)}.{_dice.Pick(["containsAll", "containsAny"])}({Of(new Shape.SetOf(shape), depth - 1)})";
            case 12:
                return $"{Of(new Shape.SetOf(shape), depth - 1)}.isEmpty()";
            case 13:
                return $"({Of(Shape.String, depth - 1)} like \"{_dice.Pick(["*", "a*", "*b", "a\\*b", "", "*\\u{e9}*", "a*b*", "1\\u{2e}5"])}\")";
            case 14:
                return $"{Of(Shape.Decimal, depth - 1)}.{_dice.Pick(["lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual"])}({Of(Shape.Decimal, depth - 1)})";
            default:
                return _dice.Percent(50)
                    ? $"{Of(Shape.Ip, depth - 1)}.isInRange({Of(Shape.Ip, depth - 1)})"
                    : $"{Of(Shape.Ip, depth - 1)}.{_dice.Pick(["isIpv4", "isIpv6", "isLoopback", "isMulticast"])}()";
        }
    }

    /// <summary>A test for an attribute that may be missing, mostly with its use behind it.</summary>
    private string Has(int depth)
    {
        var optional = _paths.FindAll(path => path.Guard is not null);
        if (optional.Count == 0)
            return $"({Entity(depth)} has a.b)";

        var (text, shape, guard) = _dice.Pick(optional);
        return _dice.Percent(70) ? $"({guard} && {text} == {Of(shape, depth - 1)})" : $"({guard})";
    }

    private string Entity(int depth)
    {
        if (_dice.Percent(_wrong))
            return Of(_vocabulary.Any(1), depth - 1);

        var entities = _paths.FindAll(path => path.Shape is Shape.EntityOf && (path.Guard is null || _dice.Percent(_unguarded)));
        return _dice.Percent(55) ? _dice.Pick(entities).Text : _dice.Percent(10) ? "action" : _values.Uid(_dice.Pick(Vocabulary.Types)).ToString();
    }

    /// <summary>All attributes that can be reached, with the test that an optional one needs.</summary>
    private void Follow(string text, Shape shape, string? guard, int depth)
    {
        _paths.Add((text, shape, guard));
        var fields = shape switch
        {
            _ when depth == Reach => [],
            Shape.EntityOf entity => _vocabulary.Attributes(entity.Type).Fields,
            Shape.RecordOf record => record.Fields,
            _ => [],
        };
        foreach (var field in fields)
        {
            var isName = Names.IsIdentifier(field.Name) && !Names.IsReserved(field.Name);
            var test = $"{text} has {(isName ? field.Name : StringLiteral.Quote(field.Name))}";
            var needed = field.IsRequired ? guard : guard is null ? test : $"{guard} && {test}";
            Follow(isName && _dice.Percent(80) ? $"{text}.{field.Name}" : $"{text}[{StringLiteral.Quote(field.Name)}]", field.Shape, needed, depth + 1);
        }
    }
}
