using System.Buffers;
using System.Runtime.CompilerServices;
using Proofgate.Cedar.Expressions;
using Proofgate.Cedar.Scopes;

namespace Proofgate.Cedar.Json;

internal sealed partial class CanonicalWriter
{
    public void PolicySet(PolicySet policies)
    {
        output.Write("{\"staticPolicies\":"u8);
        ById(policies.Policies.Where(policy => policy.Link is null));
        output.Write(",\"templateLinks\":"u8);
        Array(policies.Policies.Select(policy => policy.Link).OfType<TemplateLink>().OrderBy(link => link.NewId, StringComparer.Ordinal), Link);
        output.Write(",\"templates\":"u8);
        ById(policies.Templates);
        output.Write("}"u8);
    }

    public void Policy(Policy policy)
    {
        output.Write("{\"action\":"u8);
        Scope(policy.Action, "");
        if (policy.Annotations.Count > 0)
        {
            output.Write(",\"annotations\":"u8);
            Map(policy.Annotations.OrderBy(a => a.Key, StringComparer.Ordinal), Text);
        }

        output.Write(",\"conditions\":"u8);
        Array(policy.Conditions, Clause);
        output.Write(",\"effect\":"u8);
        output.Write(policy.Effect == Effect.Permit ? "\"permit\""u8 : "\"forbid\""u8);
        output.Write(",\"principal\":"u8);
        Scope(policy.Principal, "?principal");
        output.Write(",\"resource\":"u8);
        Scope(policy.Resource, "?resource");
        output.Write("}"u8);
    }

    private void ById(IEnumerable<Policy> policies) =>
        Map(policies.OrderBy(policy => policy.Id, StringComparer.Ordinal).Select(policy => KeyValuePair.Create(policy.Id, policy)), Policy);

    private void Link(TemplateLink link)
    {
        output.Write("{\"newId\":"u8);
        Text(link.NewId);
        output.Write(",\"templateId\":"u8);
        Text(link.TemplateId);
        output.Write(",\"values\":"u8);
        Map(Values(link), Uid);
        output.Write("}"u8);
    }

    private static IEnumerable<KeyValuePair<string, EntityUid>> Values(TemplateLink link)
    {
        if (link.Principal is { } principal)
            yield return KeyValuePair.Create("?principal", principal);
        if (link.Resource is { } resource)
            yield return KeyValuePair.Create("?resource", resource);
    }

    private void Scope(ScopeConstraint constraint, string slot)
    {
        switch (constraint.Kind)
        {
            case ConstraintKind.Any:
                output.Write("{\"op\":\"All\"}"u8);
                break;
            case ConstraintKind.Equal or ConstraintKind.In:
                output.Write("{"u8);
                if (!constraint.IsSlot)
                {
                    Target(constraint.Uids);
                    output.Write(","u8);
                }

                output.Write(constraint.Kind == ConstraintKind.Equal ? "\"op\":\"==\""u8 : "\"op\":\"in\""u8);
                if (constraint.IsSlot)
                {
                    output.Write(",\"slot\":"u8);
                    Text(slot);
                }

                output.Write("}"u8);
                break;
            default:
                output.Write("{\"entity_type\":"u8);
                Text(constraint.Type!);
                if (constraint.Kind == ConstraintKind.IsIn)
                {
                    output.Write(",\"in\":{"u8);
                    if (constraint.IsSlot)
                    {
                        output.Write("\"slot\":"u8);
                        Text(slot);
                    }
                    else
                    {
                        Target(constraint.Uids);
                    }

                    output.Write("}"u8);
                }

                output.Write(",\"op\":\"is\"}"u8);
                break;
        }
    }

    // One entity is written as one: `in [x]` means `in x`.
    private void Target(EntityUid[] uids)
    {
        if (uids.Length == 1)
        {
            output.Write("\"entity\":"u8);
            Uid(uids[0]);
        }
        else
        {
            output.Write("\"entities\":"u8);
            Array(uids, Uid);
        }
    }

    private void Clause(Condition condition)
    {
        output.Write("{\"body\":"u8);
        Expression(condition.Body);
        output.Write(condition.IsUnless ? ",\"kind\":\"unless\"}"u8 : ",\"kind\":\"when\"}"u8);
    }

    /// <summary>Recurses as deep as the tree is high, which the parsers bound.</summary>
    private void Expression(Expression expression)
    {
        // A caller that has little stack left gets an exception, and not the end of its process.
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (expression)
        {
            case Literal literal:
                output.Write("{\"Value\":"u8);
                Value(literal.Value);
                output.Write("}"u8);
                break;
            case Variable variable:
                output.Write("{\"Var\":"u8);
                Text(variable.Which switch
                {
                    Variable.Name.Principal => "principal",
                    Variable.Name.Action => "action",
                    Variable.Name.Resource => "resource",
                    _ => "context",
                });
                output.Write("}"u8);
                break;
            case Not not:
                Unary("!"u8, not.Operand);
                break;
            case Negate negate:
                Unary("neg"u8, negate.Operand);
                break;
            case IsEmpty empty:
                Unary("isEmpty"u8, empty.Target);
                break;
            case Conjunction conjunction:
                Chain("&&"u8, conjunction.Operands);
                break;
            case Disjunction disjunction:
                Chain("||"u8, disjunction.Operands);
                break;
            case Equality equality:
                Binary(equality.Negated ? "!="u8 : "=="u8, equality.Left, equality.Right);
                break;
            case Comparison comparison:
                Binary(comparison.Op switch
                {
                    Comparison.Operator.Less => "<"u8,
                    Comparison.Operator.LessOrEqual => "<="u8,
                    Comparison.Operator.Greater => ">"u8,
                    _ => ">="u8,
                }, comparison.Left, comparison.Right);
                break;
            case Arithmetic arithmetic:
                Binary(arithmetic.Op switch
                {
                    Arithmetic.Operator.Add => "+"u8,
                    Arithmetic.Operator.Subtract => "-"u8,
                    _ => "*"u8,
                }, arithmetic.Left, arithmetic.Right);
                break;
            case Membership membership:
                Binary("in"u8, membership.Left, membership.Right);
                break;
            case SetTest test:
                Binary(test.Op switch
                {
                    SetTest.Operator.Contains => "contains"u8,
                    SetTest.Operator.ContainsAll => "containsAll"u8,
                    _ => "containsAny"u8,
                }, test.Target, test.Argument);
                break;
            case HasTag tag:
                Binary("hasTag"u8, tag.Target, tag.Name);
                break;
            case GetTag tag:
                Binary("getTag"u8, tag.Target, tag.Name);
                break;
            case GetAttribute attribute:
                output.Write("{\".\":{\"attr\":"u8);
                Text(attribute.Name);
                Left(attribute.Target);
                break;
            case HasAttribute has:
                output.Write("{\"has\":{\"attr\":"u8);
                if (has.Path.Length == 1)
                    Text(has.Path[0]);
                else
                    Array(has.Path.ToArray(), Text);
                Left(has.Target);
                break;
            case Like like:
                output.Write("{\"like\":{\"left\":"u8);
                Expression(like.Target);
                output.Write(",\"pattern\":"u8);
                Pattern(like.Pattern);
                output.Write("}}"u8);
                break;
            case IsType type:
                output.Write("{\"is\":{\"entity_type\":"u8);
                Text(type.Type);
                if (type.Within is { } within)
                {
                    output.Write(",\"in\":"u8);
                    Expression(within);
                }

                Left(type.Target);
                break;
            case Conditional conditional:
                output.Write("{\"if-then-else\":{\"else\":"u8);
                Expression(conditional.Alternative);
                output.Write(",\"if\":"u8);
                Expression(conditional.Test);
                output.Write(",\"then\":"u8);
                Expression(conditional.Consequent);
                output.Write("}}"u8);
                break;
            case SetExpression set:
                output.Write("{\"Set\":"u8);
                Array(set.Items.ToArray(), Expression);
                output.Write("}"u8);
                break;
            case RecordExpression record:
                output.Write("{\"Record\":"u8);
                Map(record.Names.ToArray().Zip(record.Values.ToArray(), KeyValuePair.Create).OrderBy(pair => pair.Key, StringComparer.Ordinal), Expression);
                output.Write("}"u8);
                break;
            case ExtensionCall call:
                output.Write("{"u8);
                Text(call.Function.Name);
                output.Write(":"u8);
                Array(call.Arguments.ToArray(), Expression);
                output.Write("}"u8);
                break;
            default:
                throw new InvalidOperationException($"{expression.GetType().Name} has no JSON.");
        }
    }

    private void Left(Expression target)
    {
        output.Write(",\"left\":"u8);
        Expression(target);
        output.Write("}}"u8);
    }

    private void Unary(ReadOnlySpan<byte> name, Expression operand)
    {
        Open(name);
        output.Write("\"arg\":"u8);
        Expression(operand);
        output.Write("}}"u8);
    }

    private void Binary(ReadOnlySpan<byte> name, Expression left, Expression right)
    {
        Open(name);
        output.Write("\"left\":"u8);
        Expression(left);
        output.Write(",\"right\":"u8);
        Expression(right);
        output.Write("}}"u8);
    }

    /// <summary>Nested on the left, without recursion.</summary>
    private void Chain(ReadOnlySpan<byte> name, ReadOnlySpan<Expression> operands)
    {
        for (var i = 1; i < operands.Length; i++)
        {
            Open(name);
            output.Write("\"left\":"u8);
        }

        Expression(operands[0]);
        foreach (var operand in operands[1..])
        {
            output.Write(",\"right\":"u8);
            Expression(operand);
            output.Write("}}"u8);
        }
    }

    private void Open(ReadOnlySpan<byte> name)
    {
        output.Write("{\""u8);
        output.Write(name);
        output.Write("\":{"u8);
    }

    private void Pattern(Pattern pattern)
    {
        output.Write("["u8);
        var first = true;
        for (var i = 0; i < pattern.Segments.Length; i++)
        {
            if (i > 0)
                Part("\"Wildcard\""u8);
            if (pattern.Segments[i].Length == 0)
                continue;
            Part("{\"Literal\":"u8);
            Text(pattern.Segments[i]);
            output.Write("}"u8);
        }

        output.Write("]"u8);

        void Part(ReadOnlySpan<byte> start)
        {
            if (!first)
                output.Write(","u8);
            first = false;
            output.Write(start);
        }
    }

    private void Map<T>(IEnumerable<KeyValuePair<string, T>> pairs, Action<T> write)
    {
        output.Write("{"u8);
        var first = true;
        foreach (var (name, value) in pairs)
        {
            if (!first)
                output.Write(","u8);
            first = false;
            Text(name);
            output.Write(":"u8);
            write(value);
        }

        output.Write("}"u8);
    }
}
