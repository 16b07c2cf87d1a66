using Proofgate.Cedar.Expressions;

namespace Proofgate.Cedar.Validation;

/// <summary>Visits every node of an expression, also those that no evaluation would reach.</summary>
internal static class ExpressionWalk
{
    /// <summary>In the order of the text.</summary>
    public static IEnumerable<Expression> All(Expression root)
    {
        var open = new Stack<Expression>();
        var children = new List<Expression>();
        open.Push(root);
        while (open.TryPop(out var at))
        {
            yield return at;
            children.Clear();
            AddChildren(at, children);
            for (var i = children.Count - 1; i >= 0; i--)
                open.Push(children[i]);
        }
    }

    private static void AddChildren(Expression expression, List<Expression> children)
    {
        switch (expression)
        {
            case Conditional conditional:
                children.AddRange([conditional.Test, conditional.Consequent, conditional.Alternative]);
                break;
            case Conjunction conjunction:
                children.AddRange(conjunction.Operands);
                break;
            case Disjunction disjunction:
                children.AddRange(disjunction.Operands);
                break;
            case Not not:
                children.Add(not.Operand);
                break;
            case Negate negate:
                children.Add(negate.Operand);
                break;
            case Equality equality:
                children.AddRange([equality.Left, equality.Right]);
                break;
            case Comparison comparison:
                children.AddRange([comparison.Left, comparison.Right]);
                break;
            case Arithmetic arithmetic:
                children.AddRange([arithmetic.Left, arithmetic.Right]);
                break;
            case Membership membership:
                children.AddRange([membership.Left, membership.Right]);
                break;
            case IsType { Within: { } within } isType:
                children.AddRange([isType.Target, within]);
                break;
            case IsType isType:
                children.Add(isType.Target);
                break;
            case HasAttribute has:
                children.Add(has.Target);
                break;
            case GetAttribute get:
                children.Add(get.Target);
                break;
            case HasTag has:
                children.AddRange([has.Target, has.Name]);
                break;
            case GetTag get:
                children.AddRange([get.Target, get.Name]);
                break;
            case Like like:
                children.Add(like.Target);
                break;
            case SetTest test:
                children.AddRange([test.Target, test.Argument]);
                break;
            case IsEmpty isEmpty:
                children.Add(isEmpty.Target);
                break;
            case SetExpression set:
                children.AddRange(set.Items);
                break;
            case RecordExpression record:
                children.AddRange(record.Values);
                break;
            case ExtensionCall call:
                children.AddRange(call.Arguments);
                break;
        }
    }
}
