using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Proofgate.Cedar.Expressions;
using Proofgate.Cedar.Schemas;

namespace Proofgate.Cedar.Validation;

internal sealed partial class TypeChecker
{
    private const string Comparable = "Long, datetime or duration";

    private TypeAnswer OfEquality(Equality equality, ImmutableHashSet<Capability> known)
    {
        var left = Check(equality.Left, known);
        var right = Check(equality.Right, known);
        var answer = SameType(equality, left.Type, right.Type, EqualityType(equality, left.Type, right.Type), "the sides of `==`").After(left.IsTyped && right.IsTyped);
        return equality.Negated ? Negated(answer) : answer;
    }

    /// <summary>True or false where that is known: literals, and entities of different types.</summary>
    private CedarType EqualityType(Equality equality, CedarType? left, CedarType? right)
    {
        if (left is CedarType.Entity one && right is CedarType.Entity other && !Array.Exists(one.Names, other.Contains))
            return CedarType.False;
        if (ValueOf(equality.Left) is { } a && ValueOf(equality.Right) is { } b)
            return a.Equals(b) ? CedarType.True : CedarType.False;
        return CedarType.Bool;
    }

    /// <summary>A literal's value; <c>action</c> is one entity in each environment, and Cedar makes one literal of a chain of literals.</summary>
    private Value? ValueOf(Expression expression) => expression switch
    {
        Literal literal => literal.Value,
        Variable { Which: Variable.Name.Action } => new EntityValue(_environment.Action.Uid),
        Conjunction chain => FlagOf(chain.Operands, shortcut: false),
        Disjunction chain => FlagOf(chain.Operands, shortcut: true),
        _ => null,
    };

    private BoolValue? FlagOf(ReadOnlySpan<Expression> operands, bool shortcut)
    {
        var isShort = false;
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            return null;

        foreach (var operand in operands)
        {
            if (operand is not (Literal or Conjunction or Disjunction) || ValueOf(operand) is not BoolValue flag)
                return null;
            isShort |= flag.Value == shortcut;
        }

        return BoolValue.Of(isShort ? shortcut : !shortcut);
    }

    /// <summary>Strictly, what is compared must have one type, unless the result is known.</summary>
    private TypeAnswer SameType(Expression at, CedarType? left, CedarType? right, CedarType result, string what)
    {
        if (!_strict || result != CedarType.Bool || left is null || right is null || relations.LeastUpperBound(left, right, strict: true) is not null)
            return TypeAnswer.Success(result);

        Incompatible(at, what, left, right);
        return TypeAnswer.Fail(result);
    }

    private TypeAnswer OfComparison(Comparison comparison, ImmutableHashSet<Capability> known)
    {
        var left = Check(comparison.Left, known);
        var right = Check(comparison.Right, known);
        if (left.Type is not { } one || right.Type is not { } other)
            return TypeAnswer.Fail(CedarType.Bool);

        var isTyped = (one == other || one == CedarType.Never || other == CedarType.Never) && (IsComparable(one) || IsComparable(other));
        if (!isTyped)
            Incomparable(comparison, one, other);
        return TypeAnswer.Success(CedarType.Bool).After(isTyped && left.IsTyped && right.IsTyped);
    }

    private void Incomparable(Comparison comparison, CedarType left, CedarType right)
    {
        if (left == CedarType.Never && right == CedarType.Never)
            return;

        if (left == CedarType.Long || (IsComparable(left) && right != CedarType.Long))
            Mismatch(comparison.Right, Name(left), right, ComparisonHint(right));
        else if (IsComparable(right))
            Mismatch(comparison.Left, Name(right), left, ComparisonHint(left));
        else
        {
            if (left != CedarType.Never)
                Mismatch(comparison.Left, Comparable, left, ComparisonHint(left));
            if (right != CedarType.Never)
                Mismatch(comparison.Right, Comparable, right, ComparisonHint(right));
        }
    }

    private static bool IsComparable(CedarType type) => type == CedarType.Long || type == CedarType.Datetime || type == CedarType.Duration;

    private static string? ComparisonHint(CedarType type) => type == CedarType.Decimal ? "decimals are compared with lessThan, lessThanOrEqual, greaterThan and greaterThanOrEqual" : null;

    private TypeAnswer OfArithmetic(Arithmetic arithmetic, ImmutableHashSet<Capability> known)
    {
        string? Hint(CedarType type) => type == CedarType.String && arithmetic.Op == Arithmetic.Operator.Add ? "strings cannot be joined"
            : type is CedarType.Set ? "sets cannot be joined; write containsAll or containsAny"
            : null;

        var left = Expect(arithmetic.Left, known, CedarType.Long, Hint);
        var right = Expect(arithmetic.Right, known, CedarType.Long, Hint);
        return TypeAnswer.Success(CedarType.Long).After(left.IsTyped && right.IsTyped);
    }

    private TypeAnswer In(Expression at, Expression left, Expression right, ImmutableHashSet<Capability> known)
    {
        var entity = Expect(left, known, CedarType.AnyEntity, _ => "`in` is about the hierarchy of entities; to look into a set, write set.contains(value)");
        var groups = Expect(right, known, CedarType.AnyEntity, CedarType.SetOfEntities, type =>
            type is CedarType.Set ? "to look into a set, write set.contains(value)" : type == CedarType.String ? "for a part of a string, write like" : null);
        if (!entity.IsTyped || !groups.IsTyped)
            return TypeAnswer.Fail(CedarType.Bool);

        if (ValueOf(left) is EntityValue { Uid: var uid } && Schema.IsActionType(uid.Type) && UidsOf(right) is { } uids)
            return ActionIn(uid, uids);

        var ancestors = groups.Type is CedarType.Set set ? set.Element : groups.Type;
        return entity.Type is CedarType.Entity one && ancestors is CedarType.Entity other && !CanBeIn(one, other)
            ? TypeAnswer.Success(CedarType.False)
            : TypeAnswer.Success(CedarType.Bool);
    }

    private List<EntityUid>? UidsOf(Expression expression)
    {
        if (ValueOf(expression) is EntityValue { Uid: var single })
            return [single];
        if (expression is not SetExpression set)
            return null;

        var uids = new List<EntityUid>(set.Items.Length);
        foreach (var item in set.Items)
        {
            if (ValueOf(item) is not EntityValue { Uid: var uid })
                return null;
            uids.Add(uid);
        }

        return uids;
    }

    /// <summary>The schema knows the whole hierarchy of actions, so the result is known.</summary>
    private TypeAnswer ActionIn(EntityUid uid, List<EntityUid> groups)
    {
        var found = false;
        foreach (var group in groups)
        {
            if (!Schema.IsActionType(group.Type))
                continue;
            if (schema.Action(group) is not { } action)
                return TypeAnswer.Fail(CedarType.Bool);
            found = found || group == uid || action.Descendants.Contains(uid);
        }

        return TypeAnswer.Success(found ? CedarType.True : CedarType.False);
    }

    private bool CanBeIn(CedarType.Entity descendants, CedarType.Entity ancestors)
    {
        foreach (var ancestor in ancestors.Names)
        {
            foreach (var descendant in descendants.Names)
            {
                if (descendant == ancestor || schema.EntityType(ancestor)?.Descendants.Contains(descendant) == true || schema.HasActionIn(descendant, ancestor))
                    return true;
            }
        }

        return false;
    }

    private TypeAnswer Is(IsType isType, ImmutableHashSet<Capability> known)
    {
        var target = Expect(isType.Target, known, CedarType.AnyEntity, _ => "`is` asks for the type of an entity, other types cannot be asked for");
        var answer = target.Type switch
        {
            CedarType.Entity entity => TypeAnswer.Success(
                !entity.Contains(isType.Type) ? CedarType.False : entity.Single is null ? CedarType.Bool : CedarType.True).After(target.IsTyped),
            not null => TypeAnswer.Success(CedarType.Bool).After(target.IsTyped),
            null => TypeAnswer.Fail(CedarType.Bool),
        };
        return isType.Within is null || answer.Type == CedarType.False ? answer : Both(answer, In(isType, isType.Target, isType.Within, known));
    }

    private TypeAnswer OfLike(Like like, ImmutableHashSet<Capability> known)
    {
        var target = Expect(like.Target, known, CedarType.String, type => type is CedarType.Entity ? "to ask for the type of an entity, write is" : null);
        return TypeAnswer.Success(CedarType.Bool).After(target.IsTyped);
    }

    private TypeAnswer OfSetTest(SetTest test, ImmutableHashSet<Capability> known)
    {
        var target = Expect(test.Target, known, CedarType.AnySet, type => type switch
        {
            CedarType.Entity => "for the hierarchy of entities, write in",
            CedarType.Record => "for the attributes of a record, write has",
            _ when type == CedarType.String => "for a part of a string, write like",
            _ => null,
        });
        if (test.Op == SetTest.Operator.Contains)
        {
            var item = Check(test.Argument, known);
            return SameType(test, (target.Type as CedarType.Set)?.Element, item.Type, CedarType.Bool, "the elements of the set and the value looked for")
                .After(target.IsTyped && item.IsTyped);
        }

        var other = Expect(test.Argument, known, CedarType.AnySet, _ => "for one value, write contains");
        return SameType(test, target.Type, other.Type, CedarType.Bool, "the two sets").After(target.IsTyped && other.IsTyped);
    }

    private TypeAnswer OfSet(SetExpression set, ImmutableHashSet<Capability> known)
    {
        var types = new CedarType?[set.Items.Length];
        var isTyped = true;
        for (var i = 0; i < types.Length; i++)
        {
            var item = Check(set.Items[i], known);
            types[i] = item.Type;
            isTyped &= item.IsTyped;
        }

        if (_strict && types.Length == 0)
        {
            findings.Error(set.Position, "an empty set has no type", "to ask whether a set is empty, write set.isEmpty()");
            return TypeAnswer.Fail(null);
        }

        return Join(set, types, "the elements of a set") is { } element ? TypeAnswer.Success(table.Set(element)).After(isTyped) : TypeAnswer.Fail(null);
    }

    private TypeAnswer OfRecord(RecordExpression record, ImmutableHashSet<Capability> known)
    {
        var attributes = new AttributeType[record.Values.Length];
        var isTyped = true;
        var isKnown = true;
        for (var i = 0; i < attributes.Length; i++)
        {
            var value = Check(record.Values[i], known);
            isTyped &= value.IsTyped;
            isKnown &= value.Type is not null;
            attributes[i] = new AttributeType(value.Type ?? CedarType.Never, true);
        }

        return isKnown ? TypeAnswer.Success(table.Record(record.Names.ToArray(), attributes, isOpen: false)).After(isTyped) : TypeAnswer.Fail(null);
    }

    private TypeAnswer OfCall(ExtensionCall call, ImmutableHashSet<Capability> known)
    {
        var types = FunctionTypes.Of(call.Function.Name);
        if (!CheckArguments(call, types))
        {
            foreach (var argument in call.Arguments)
                Check(argument, known);
            return TypeAnswer.Fail(types.Result);
        }

        var isTyped = true;
        for (var i = 0; i < types.Arguments.Length; i++)
            isTyped &= Expect(call.Arguments[i], known, types.Arguments[i]).IsTyped;
        return TypeAnswer.Success(types.Result).After(isTyped);
    }

    private bool CheckArguments(ExtensionCall call, FunctionTypes types)
    {
        var isRight = true;
        if (call.Arguments.Length != types.Arguments.Length)
        {
            var self = call.Function.IsMethod ? 1 : 0;
            findings.Error(call.Position, $"`{call.Function.Name}` takes {types.Arguments.Length - self} argument(s), not {call.Arguments.Length - self}");
            isRight = false;
        }

        if (!types.IsConstructor)
            return isRight;

        if (call.Arguments is [Literal { Value: StringValue } text] && call.Function.Call([text.Value], out var failure) is null)
        {
            findings.Error(call.Position, failure!);
            isRight = false;
        }

        foreach (var argument in call.Arguments)
        {
            if (_strict && argument is not Literal)
            {
                findings.Error(call.Position, $"the argument of `{call.Function.Name}` must be a literal", "put values that are computed elsewhere into the context or an attribute");
                return false;
            }
        }

        return isRight;
    }
}
