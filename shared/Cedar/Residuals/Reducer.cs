using System.Runtime.CompilerServices;
using Proofgate.Cedar.Evaluation;
using Proofgate.Cedar.Expressions;
using Proofgate.Cedar.Scopes;
using static Proofgate.Cedar.Residuals.ResidualExpression;
using HasTag = Proofgate.Cedar.Residuals.ResidualExpression.HasTag;
using IsEmpty = Proofgate.Cedar.Residuals.ResidualExpression.IsEmpty;
using Like = Proofgate.Cedar.Residuals.ResidualExpression.Like;
using Literal = Proofgate.Cedar.Residuals.ResidualExpression.Literal;
using Negate = Proofgate.Cedar.Residuals.ResidualExpression.Negate;
using Not = Proofgate.Cedar.Residuals.ResidualExpression.Not;

namespace Proofgate.Cedar.Residuals;

/// <summary>
/// Evaluates as far as is known. Whatever the unknown turns out to be, the result has the value of the original, or fails where it fails. The unknown
/// entity may also be one that is only named so far: an entity of its type that is not there is left open.
/// </summary>
internal sealed class Reducer
{
    private static readonly Unknown Row = new(Unknown.Part.Resource);
    private static readonly Unknown OpenContext = new(Unknown.Part.Context);

    private readonly PartialRequest _request;
    private readonly Entities _entities;
    private readonly Evaluator _evaluator;
    private readonly HashSet<EntityUid> _within = [];

    public Reducer(PartialRequest request, Entities entities)
    {
        (_request, _entities) = (request, entities);

        // The name that no entity has stands for the unknown one: nothing is evaluated with it.
        _evaluator = new Evaluator(new Request(request.Principal, request.Action, default, request.Context), entities);
        foreach (var parent in request.Resource.Parents)
        {
            _within.Add(parent);
            _within.UnionWith(entities.Ancestors(parent));
        }
    }

    /// <summary>What is left of a policy's scope and clauses: all must be true.</summary>
    public ResidualExpression Reduce(Policy policy)
    {
        var terms = new Terms(isAnd: true);
        var isOpen = terms.Add(Matches(Known(_request.Action), policy.Action)) && terms.Add(Matches(Known(_request.Principal), policy.Principal))
            && terms.Add(Matches(Row, policy.Resource));
        for (var i = 0; isOpen && i < policy.Conditions.Length; i++)
        {
            var (isUnless, body) = policy.Conditions[i];
            isOpen = terms.Add(isUnless ? Opposite(Reduce(body, asTest: true)) : Reduce(body, asTest: true));
        }

        return terms.Close(asTest: true);
    }

    private ResidualExpression Matches(ResidualExpression entity, ScopeConstraint constraint)
    {
        var type = entity is Literal { Value: EntityValue known } ? known.Uid.Type : _request.Resource.Type;
        return constraint.Kind switch
        {
            ConstraintKind.Any => Known(true),
            ConstraintKind.Equal => Same(entity, Known(constraint.Uids[0]), negated: false),
            ConstraintKind.Is => Known(type == constraint.Type),
            ConstraintKind.IsIn when type != constraint.Type => Known(false),
            _ => Within(entity, SetValue.From(constraint.Uids), SourcePosition.Start),
        };
    }

    /// <param name="asTest">A bool is asked for: anything else is a failure, so the result need not say so again.</param>
    private ResidualExpression Reduce(Expression expression, bool asTest)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var reduced = expression switch
        {
            Variable variable => Reduce(variable),
            _ when expression.Constant is { } constant => Known(constant),
            Conjunction e => Reduce(e.Operands, isAnd: true, asTest),
            Disjunction e => Reduce(e.Operands, isAnd: false, asTest),
            Expressions.Not e => Opposite(Reduce(e.Operand, asTest: true)),
            Conditional e => Reduce(e, asTest),
            IsType { Within: not null } e => ReduceTyped(e),
            _ => ReduceStrict(expression),
        };
        return asTest && reduced is Literal { Value: not BoolValue } other
            ? new Failure($"type error: expected bool, got {other.Value.Kind}", expression.Position)
            : reduced;
    }

    private ResidualExpression Reduce(Variable variable) => variable.Which switch
    {
        Variable.Name.Principal => Known(_request.Principal),
        Variable.Name.Action => Known(_request.Action),
        Variable.Name.Resource => Row,
        _ => _request.UnknownContext.Count > 0 ? OpenContext : Known(_request.Context),
    };

    private ResidualExpression Reduce(ReadOnlySpan<Expression> operands, bool isAnd, bool asTest)
    {
        var terms = new Terms(isAnd);
        foreach (var operand in operands)
        {
            if (!terms.Add(Reduce(operand, asTest: true)))
                break;
        }

        return terms.Close(asTest);
    }

    private static ResidualExpression Opposite(ResidualExpression operand) => operand switch
    {
        Literal { Value: BoolValue test } => Known(!test.Value),
        Failure => operand,
        Not { Operand: { IsBool: true } inner } => inner,
        Equal equal => equal with { Negated = !equal.Negated },
        _ => new Not(operand),
    };

    private ResidualExpression Reduce(Conditional expression, bool asTest)
    {
        var test = Reduce(expression.Test, asTest: true);
        if (test is Failure)
            return test;
        if (test is Literal { Value: BoolValue known })
            return Reduce(known.Value ? expression.Consequent : expression.Alternative, asTest);

        var consequent = Reduce(expression.Consequent, asTest);
        var alternative = Reduce(expression.Alternative, asTest);
        var isSame = consequent is Failure && alternative is Failure
            || (!test.CanFailAsTest && consequent is Literal one && alternative is Literal two && one.Value.Equals(two.Value));
        return isSame ? consequent : new If(test, consequent, alternative);
    }

    private ResidualExpression ReduceTyped(IsType expression)
    {
        var target = Reduce(expression.Target, asTest: false);
        switch (target)
        {
            case Failure:
                return target;
            case Unknown { Which: Unknown.Part.Resource }:
                return _request.Resource.Type == expression.Type ? Within(target, expression) : Known(false);
            case Literal { Value: EntityValue entity }:
                return entity.Uid.Type == expression.Type ? Within(target, expression) : Known(false);
            case Literal literal:
                return Fold(new IsType(expression.Position, expression.Target, expression.Type, null), [literal.Value]);
            default:
                return new Is(target, expression.Type, Reduce(expression.Within!, asTest: false));
        }
    }

    private ResidualExpression Within(ResidualExpression entity, IsType expression) => Reduce(expression.Within!, asTest: false) switch
    {
        Failure failure => failure,
        Literal within => Within(entity, within.Value, expression.Within!.Position),
        var within => new In(entity, within),
    };

    private ResidualExpression ReduceStrict(Expression expression)
    {
        var operands = Strict.OperandsOf(expression)!;
        var reduced = new ResidualExpression[operands.Length];
        for (var i = 0; i < operands.Length; i++)
            reduced[i] = Reduce(operands[i], asTest: false);

        // All operands are evaluated, so it does not matter what the others are.
        if (Array.Find(reduced, static r => r is Failure) is { } failure)
            return failure;

        return (reduced.Length == 0 ? null : Special(expression, reduced))
            ?? (Array.TrueForAll(reduced, static r => r is Literal)
                ? Fold(expression, [.. reduced.Select(static r => ((Literal)r).Value)])
                : Rebuild(expression, reduced));
    }

    /// <summary>What can be said although something is unknown, or cannot although all operands are known. Null: nothing special.</summary>
    private ResidualExpression? Special(Expression expression, ResidualExpression[] operands) => (expression, operands[0]) switch
    {
        (GetAttribute e, Unknown { Which: Unknown.Part.Context }) when !_request.UnknownContext.Contains(e.Name) => Fold(e, [_request.Context]),
        (GetAttribute e, Literal { Value: EntityValue entity }) when IsOpen(entity.Uid) => new Get(operands[0], e.Name),
        (HasAttribute e, Unknown { Which: Unknown.Part.Context }) when !_request.UnknownContext.Contains(e.Path[0]) => HasPath(_request.Context, e),
        (HasAttribute e, Literal known) => HasPath(known.Value, e),
        (Expressions.HasTag, Literal { Value: EntityValue entity }) when IsOpen(entity.Uid) => new HasTag(operands[0], operands[1]),
        (GetTag, Literal { Value: EntityValue entity }) when IsOpen(entity.Uid) => new Tag(operands[0], operands[1]),
        (IsType e, Unknown { Which: Unknown.Part.Resource }) => Known(_request.Resource.Type == e.Type),
        (Equality e, _) => Same(operands[0], operands[1], e.Negated),
        (Membership e, Unknown or Literal { Value: EntityValue }) => IsRow(operands[0]) || operands[0] is Literal ? Within(e, operands[0], operands[1]) : null,
        (SetTest { Op: SetTest.Operator.Contains }, Literal { Value: SetValue set }) when IsRow(operands[1]) => IsOneOf(set),
        _ => null,
    };

    private static bool IsRow(ResidualExpression expression) => expression is Unknown { Which: Unknown.Part.Resource };

    private ResidualExpression Fold(Expression expression, Value[] values)
    {
        var known = Strict.With(expression, Strict.OperandsOf(expression)!, values);
        return known.Evaluate(_evaluator) is { } value ? Known(value) : new Failure(_evaluator.Failure!, _evaluator.FailedAt);
    }

    private static ResidualExpression Rebuild(Expression expression, ResidualExpression[] operands) => expression switch
    {
        Arithmetic e => new Calculate((Calculate.Operator)e.Op, operands[0], operands[1]),
        Comparison e => new Compare((Compare.Operator)e.Op, operands[0], operands[1]),
        Membership => new In(operands[0], operands[1]),
        SetTest e => new Contains((Contains.Operator)e.Op, operands[0], operands[1]),
        Expressions.HasTag => new HasTag(operands[0], operands[1]),
        GetTag => new Tag(operands[0], operands[1]),
        GetAttribute e => new Get(operands[0], e.Name),
        HasAttribute e => new Has(operands[0], e.Path.ToArray()),
        Expressions.IsEmpty => new IsEmpty(operands[0]),
        IsType e => new Is(operands[0], e.Type, null),
        Expressions.Like e => new Like(operands[0], e.Pattern.Segments.ToArray()),
        Expressions.Negate => new Negate(operands[0]),
        SetExpression => new SetOf(operands),
        RecordExpression e => new RecordOf(e.Names.ToArray(), operands),
        ExtensionCall e => new Call(e.Function.Name, operands),
        _ => throw new InvalidOperationException($"{expression.GetType().Name} cannot be left over."),
    };

    /// <summary>An entity on the way may be the unknown one.</summary>
    private ResidualExpression HasPath(Value target, HasAttribute expression)
    {
        var at = target;
        for (var i = 0; i < expression.Path.Length; i++)
        {
            if (at is EntityValue entity && IsOpen(entity.Uid))
                return new Has(Known(at), expression.Path[i..].ToArray());

            var step = new HasAttribute(expression.Position, expression.Target, [expression.Path[i]]);
            if (Fold(step, [at]) is not Literal { Value: BoolValue { Value: true } })
                return Fold(step, [at]);
            at = ((Literal)Fold(new GetAttribute(expression.Position, expression.Target, expression.Path[i]), [at])).Value;
        }

        return Known(true);
    }

    private ResidualExpression Same(ResidualExpression left, ResidualExpression right, bool negated)
    {
        if (left is Literal one && right is Literal two)
            return Known(one.Value.Equals(two.Value) != negated);
        if (IsRow(left) && IsRow(right))
            return Known(!negated);

        var other = IsRow(left) ? right : IsRow(right) ? left : null;
        return other is Literal { Value: var value } && !(value is EntityValue entity && entity.Uid.Type == _request.Resource.Type)
            ? Known(negated)
            : new Equal(left, right, negated);
    }

    private ResidualExpression IsOneOf(SetValue set)
    {
        var candidates = set.AsSpan().ToArray().Where(v => v is EntityValue e && e.Uid.Type == _request.Resource.Type).ToArray();
        return candidates.Length switch
        {
            0 => Known(false),
            1 => new Equal(Row, Known(candidates[0]), false),
            _ => new Contains(Contains.Operator.One, Known(SetValue.Of(candidates)), Row),
        };
    }

    private ResidualExpression Within(Membership expression, ResidualExpression left, ResidualExpression right) => right switch
    {
        Literal literal => Within(left, literal.Value, expression.Position),
        _ when IsRow(right) && IsRow(left) => Known(true),
        _ when IsRow(right) && left is Literal { Value: EntityValue entity } && !CanBeInRow(entity.Uid) => Known(false),
        _ => new In(left, right),
    };

    /// <summary><paramref name="entity"/> is the unknown or a known entity.</summary>
    private ResidualExpression Within(ResidualExpression entity, Value right, SourcePosition position)
    {
        var candidates = right is SetValue set ? set.AsSpan().ToArray() : [right];
        if (Array.Find(candidates, static c => c is not EntityValue) is { } wrong)
        {
            var expected = right is SetValue ? "set of entities, with an element that is an entity" : "entity or set of entities";
            return new Failure($"type error: expected {expected}, got {wrong.Kind}", position);
        }

        var open = new List<Value>();
        foreach (var candidate in candidates)
        {
            var uid = ((EntityValue)candidate).Uid;
            switch (entity is Literal { Value: EntityValue known } ? IsIn(known.Uid, uid) : IsRowIn(uid))
            {
                case true:
                    return Known(true);
                case null:
                    open.Add(candidate);
                    break;
            }
        }

        return open.Count switch
        {
            0 => Known(false),
            1 when IsRow(entity) => new Equal(entity, Known(open[0]), false),
            1 => new In(entity, Known(open[0])),
            _ => new In(entity, Known(SetValue.From(open))),
        };
    }

    /// <summary>The parents are known, so the unknown entity is in anything else only if it is that entity itself.</summary>
    private bool? IsRowIn(EntityUid uid) => _within.Contains(uid) ? true : uid.Type == _request.Resource.Type ? null : false;

    private bool? IsIn(EntityUid uid, EntityUid ancestor)
    {
        if (_entities.IsIn(uid, ancestor))
            return true;

        // If the unknown entity is this one, or one that this one is in, then this one is in its parents too.
        return _within.Contains(ancestor) && (IsOpen(uid) || _entities.Ancestors(uid).Any(IsOpen)) ? null : false;
    }

    private bool CanBeInRow(EntityUid uid) => uid.Type == _request.Resource.Type || _entities.Ancestors(uid).Any(a => a.Type == _request.Resource.Type);

    private bool IsOpen(EntityUid uid) => uid.Type == _request.Resource.Type && _entities.Find(uid) is null;

    private static Literal Known(Value value) => new(value);

    private static Literal Known(EntityUid uid) => new(new EntityValue(uid));

    private static Literal Known(bool test) => new(BoolValue.Of(test));

    /// <summary>Collects the terms of a conjunction or disjunction, in order.</summary>
    private sealed class Terms(bool isAnd)
    {
        private readonly List<ResidualExpression> _terms = [];

        /// <returns>False if what follows is never evaluated.</returns>
        public bool Add(ResidualExpression term)
        {
            switch (term)
            {
                case Literal { Value: BoolValue test } when test.Value == isAnd:
                    return true;
                case Literal:
                    // Before the value that decides, only a failure makes a difference.
                    while (_terms.Count > 0 && !_terms[^1].CanFailAsTest)
                        _terms.RemoveAt(_terms.Count - 1);
                    _terms.Add(term);
                    return false;
                case Failure:
                    _terms.Add(term);
                    return false;
                case And joined when isAnd:
                    _terms.AddRange(joined.Terms);
                    return joined.Terms[^1] is not (Failure or Literal);
                case Or joined when !isAnd:
                    _terms.AddRange(joined.Terms);
                    return joined.Terms[^1] is not (Failure or Literal);
                default:
                    _terms.Add(term);
                    return true;
            }
        }

        public ResidualExpression Close(bool asTest) => _terms.Count switch
        {
            0 => Known(isAnd),
            1 when asTest || _terms[0].IsBool => _terms[0],
            1 => Joined([Known(isAnd), _terms[0]]),
            _ => Joined(_terms),
        };

        private ResidualExpression Joined(IReadOnlyList<ResidualExpression> terms) => isAnd ? new And(terms) : new Or(terms);
    }
}
