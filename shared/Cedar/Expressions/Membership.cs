using Proofgate.Cedar.Evaluation;

namespace Proofgate.Cedar.Expressions;

/// <summary><c>entity in entity</c> and <c>entity in [entities]</c>: the hierarchy, not set membership.</summary>
internal sealed class Membership : Expression
{
    public Membership(SourcePosition position, Expression left, Expression right)
        : base(position)
    {
        (Left, Right) = (left, right);
        Height = Above(left, right);
    }

    public Expression Left { get; }

    public Expression Right { get; }

    public override Value? Evaluate(Evaluator evaluator)
    {
        if (Left.Evaluate(evaluator) is not { } left || Right.Evaluate(evaluator) is not { } right)
            return null;

        return (left, right) switch
        {
            (EntityValue entity, _) => Test(evaluator, this, entity.Uid, right),
            (_, SetValue) => evaluator.Fail(Left, $"type error: expected entity, got {left.Kind} (to look into a set, write set.contains(value))"),
            (_, RecordValue) => evaluator.Fail(Left, $"type error: expected entity, got {left.Kind} (to look into a record, write record has name)"),
            _ => evaluator.FailType(Left, "entity", left),
        };
    }

    /// <summary>Whether <paramref name="uid"/> is in an entity or in any of a set. A set with anything but entities fails, even if another element matches.</summary>
    internal static Value? Test(Evaluator evaluator, Expression at, EntityUid uid, Value right)
    {
        if (right is EntityValue single)
            return BoolValue.Of(IsIn(evaluator, uid, single.Uid));
        if (right is not SetValue set)
            return evaluator.FailType(at, "entity or set of entities", right);

        var found = false;
        foreach (var item in set.AsSpan())
        {
            if (item is not EntityValue entity)
                return evaluator.FailType(at, "set of entities, with an element that is an entity", item);
            found = found || IsIn(evaluator, uid, entity.Uid);
        }

        return BoolValue.Of(found);
    }

    private static bool IsIn(Evaluator evaluator, EntityUid uid, EntityUid ancestor) =>
        uid == ancestor || (evaluator.Find(uid)?.IsIn(ancestor) ?? false);
}
