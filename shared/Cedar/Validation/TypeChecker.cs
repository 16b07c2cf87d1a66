using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Proofgate.Cedar.Expressions;
using Proofgate.Cedar.Schemas;

namespace Proofgate.Cedar.Validation;

/// <summary>Gives each expression of one policy its type, in one environment at a time, by the rules of Cedar's validator. This part: dispatch,
/// expectations and logic; the others: operators, attributes and tags.</summary>
internal sealed partial class TypeChecker(Schema schema, TypeTable table, TypeRelations relations, ValidationMode mode, ValidationBudget budget, PolicyFindings findings)
{
    private readonly ShapeTable _shapes = new();
    private readonly bool _strict = mode == ValidationMode.Strict;
    private RequestEnvironment _environment;

    /// <summary>The condition of a policy, scope included. What is typed <see cref="CedarType.False"/> never applies in this environment.</summary>
    public TypeAnswer CheckCondition(Expression condition, RequestEnvironment environment)
    {
        _environment = environment;
        return Expect(condition, TypeAnswer.Nothing, CedarType.Bool);
    }

    private TypeAnswer Check(Expression expression, ImmutableHashSet<Capability> known)
    {
        if (!budget.TrySpend())
            return TypeAnswer.Fail(null);

        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            findings.Error(expression.Position, "the expression is nested too deep to be validated here");
            return TypeAnswer.Fail(null);
        }

        return expression switch
        {
            Literal literal => OfLiteral(literal.Value),
            Variable variable => TypeAnswer.Success(OfVariable(variable.Which)),
            SlotExpression slot => TypeAnswer.Success((slot.IsPrincipal ? _environment.PrincipalSlot : _environment.ResourceSlot) ?? CedarType.AnyEntity),
            Conjunction conjunction => And(conjunction.Operands, known),
            Disjunction disjunction => Or(disjunction.Operands, known),
            Not not => Negated(Expect(not.Operand, known, CedarType.Bool)),
            Conditional conditional => If(conditional, known),
            Equality equality => OfEquality(equality, known),
            Comparison comparison => OfComparison(comparison, known),
            Arithmetic arithmetic => OfArithmetic(arithmetic, known),
            Negate negate => TypeAnswer.Success(CedarType.Long).After(Expect(negate.Operand, known, CedarType.Long).IsTyped),
            Membership membership => In(membership, membership.Left, membership.Right, known),
            IsType isType => Is(isType, known),
            HasAttribute has => Has(has, known),
            GetAttribute get => Get(get, known),
            HasTag has => OfHasTag(has, known),
            GetTag get => OfGetTag(get, known),
            Like like => OfLike(like, known),
            SetTest test => OfSetTest(test, known),
            IsEmpty isEmpty => TypeAnswer.Success(CedarType.Bool).After(Expect(isEmpty.Target, known, CedarType.AnySet).IsTyped),
            SetExpression set => OfSet(set, known),
            RecordExpression record => OfRecord(record, known),
            ExtensionCall call => OfCall(call, known),
            _ => Unknown(expression),
        };
    }

    private TypeAnswer Unknown(Expression expression)
    {
        findings.Error(expression.Position, "this expression cannot be validated");
        return TypeAnswer.Fail(null);
    }

    private TypeAnswer Expect(Expression expression, ImmutableHashSet<Capability> known, CedarType expected, Func<CedarType, string?>? hint = null) =>
        Expect(expression, known, expected, expected, hint);

    /// <summary>The answer for an expression that must have one of two types.</summary>
    private TypeAnswer Expect(Expression expression, ImmutableHashSet<Capability> known, CedarType expected, CedarType or, Func<CedarType, string?>? hint = null)
    {
        var answer = Check(expression, known);
        if (answer.Type is not { } type)
            return TypeAnswer.Fail(null);
        if (relations.IsSubtype(type, expected, strict: false) || relations.IsSubtype(type, or, strict: false))
            return answer;

        Mismatch(expression, expected == or ? Name(expected) : $"{Name(expected)} or {Name(or)}", type, hint?.Invoke(type));
        return TypeAnswer.Fail(null);
    }

    private void Mismatch(Expression expression, string expected, CedarType actual, string? hint) =>
        findings.Error(expression.Position, $"expected {expected}, found {Name(actual)}", hint);

    private static string Name(CedarType type) =>
        type.IsBool ? "Bool"
        : type == CedarType.SetOfEntities ? "a set of entities"
        : type == CedarType.AnyRecord ? "a record"
        : type.ToString();

    private CedarType OfVariable(Variable.Name which) => which switch
    {
        Variable.Name.Principal => _environment.Principal,
        Variable.Name.Action => table.Entity(_environment.Action.Uid.Type),
        Variable.Name.Resource => _environment.Resource,
        _ => _environment.Action.Context,
    };

    /// <summary>An entity or action that the schema does not know has no type; that it is unknown is found elsewhere.</summary>
    private TypeAnswer OfLiteral(Value value) => value switch
    {
        BoolValue flag => TypeAnswer.Success(flag.Value ? CedarType.True : CedarType.False),
        LongValue => TypeAnswer.Success(CedarType.Long),
        StringValue => TypeAnswer.Success(CedarType.String),
        EntityValue { Uid: var uid } when Schema.IsActionType(uid.Type) =>
            schema.Action(uid) is null ? TypeAnswer.Fail(null) : TypeAnswer.Success(table.Entity(uid.Type)),
        EntityValue { Uid: var uid } => schema.EntityType(uid.Type) is { } type ? TypeAnswer.Success(type.Type) : TypeAnswer.Fail(null),
        _ => TypeAnswer.Fail(null),
    };

    private static TypeAnswer Negated(TypeAnswer operand)
    {
        if (operand.Type is not { } type)
            return TypeAnswer.Fail(CedarType.Bool);

        var result = type == CedarType.True ? CedarType.False : type == CedarType.False ? CedarType.True : CedarType.Bool;
        return TypeAnswer.Success(result).After(operand.IsTyped);
    }

    private TypeAnswer And(ReadOnlySpan<Expression> operands, ImmutableHashSet<Capability> known)
    {
        var left = Expect(operands[0], known, CedarType.Bool);
        var soFar = known.Union(left.Capabilities);
        foreach (var operand in operands[1..])
        {
            if (left.Type == CedarType.False)
                break;

            var right = Expect(operand, soFar, CedarType.Bool);
            left = Both(left, right);

            // Growing what is known, in place of joining it anew each time, keeps long chains linear.
            soFar = left.Capabilities.Count > right.Capabilities.Count ? soFar.Union(right.Capabilities) : known.Union(left.Capabilities);
        }

        return left.Type == CedarType.False ? TypeAnswer.Success(CedarType.False).After(left.IsTyped) : left;
    }

    /// <summary><c>left &amp;&amp; right</c>, where left is not known to be false.</summary>
    private static TypeAnswer Both(TypeAnswer left, TypeAnswer right)
    {
        if (left.Type is not { } first || right.Type is not { } second)
            return TypeAnswer.Fail(CedarType.Bool);

        var answer = second == CedarType.False ? TypeAnswer.Success(CedarType.False)
            : second == CedarType.True ? TypeAnswer.Success(first, left.Capabilities.Union(right.Capabilities))
            : first == CedarType.True ? TypeAnswer.Success(second, right.Capabilities)
            : TypeAnswer.Success(CedarType.Bool, left.Capabilities.Union(right.Capabilities));
        return answer.After(left.IsTyped && right.IsTyped);
    }

    private TypeAnswer Or(ReadOnlySpan<Expression> operands, ImmutableHashSet<Capability> known)
    {
        var left = Expect(operands[0], known, CedarType.Bool);
        foreach (var operand in operands[1..])
        {
            if (left.Type == CedarType.True)
                break;
            left = Either(left, Expect(operand, known, CedarType.Bool));
        }

        return left;
    }

    /// <summary><c>left || right</c>, where left is not known to be true.</summary>
    private static TypeAnswer Either(TypeAnswer left, TypeAnswer right)
    {
        if (left.Type is not { } first || right.Type is not { } second)
            return TypeAnswer.Fail(CedarType.Bool);

        var answer = second == CedarType.True ? TypeAnswer.Success(CedarType.True, right.Capabilities)
            : second == CedarType.False ? TypeAnswer.Success(first, left.Capabilities)
            : first == CedarType.False ? TypeAnswer.Success(second, right.Capabilities)
            : TypeAnswer.Success(CedarType.Bool, right.Capabilities.Intersect(left.Capabilities));
        return answer.After(left.IsTyped && right.IsTyped);
    }

    private TypeAnswer If(Conditional conditional, ImmutableHashSet<Capability> known)
    {
        var test = Expect(conditional.Test, known, CedarType.Bool);
        if (test.Type == CedarType.True)
        {
            var only = Check(conditional.Consequent, known.Union(test.Capabilities));
            return (only.IsTyped ? only with { Capabilities = only.Capabilities.Union(test.Capabilities) } : only).After(test.IsTyped);
        }

        if (test.Type == CedarType.False)
            return Check(conditional.Alternative, known).After(test.IsTyped);

        var consequent = Check(conditional.Consequent, known.Union(test.Capabilities));
        var alternative = Check(conditional.Alternative, known);
        if (Join(conditional, [consequent.Type, alternative.Type], "the branches of `if`") is not { } type)
            return TypeAnswer.Fail(null);

        var both = consequent.Capabilities.Union(test.Capabilities).Intersect(alternative.Capabilities);
        return TypeAnswer.Success(type, both).After(test.IsTyped && consequent.IsTyped && alternative.IsTyped);
    }

    /// <summary>The type that has all values of these. Null, and an error, if there is none; null if one of them is not known.</summary>
    private CedarType? Join(Expression at, ReadOnlySpan<CedarType?> types, string what)
    {
        foreach (var type in types)
        {
            if (type is null)
                return null;
        }

        var join = CedarType.Never;
        foreach (var type in types)
        {
            if (relations.LeastUpperBound(join, type!, _strict) is not { } next)
            {
                Incompatible(at, what, join, type!);
                return null;
            }

            join = next;
        }

        return join;
    }

    private void Incompatible(Expression at, string what, CedarType one, CedarType other)
    {
        var hint = (one, other) switch
        {
            (CedarType.Entity, CedarType.Entity) => "different types of entities are never equal; in a condition, ask for the type first: x is Type && ...",
            (CedarType.Record, CedarType.Record) => "the records must have the same attributes, each of one type and required in both or in neither",
            _ => null,
        };
        findings.Error(at.Position, $"{what} have different types: {Name(one)} and {Name(other)}", hint);
    }
}
