using Proofgate.Cedar.Expressions;
using Proofgate.Cedar.Scopes;

namespace Proofgate.Cedar.Explaining;

/// <summary>Finds the smallest expressions that made a condition what it was.</summary>
internal static class Blame
{
    private const int LongestText = 300;
    private const int MostCauses = 16;

    public static ConditionExplanation Of(Condition condition, Step step, Entities entities)
    {
        var explanation = new ConditionExplanation
        {
            IsUnless = condition.IsUnless,
            Position = condition.Body.Position,
            Text = ExpressionText.Shortened(condition.Body, LongestText),
        };
        if (step.Test is null)
        {
            return step.Value is { } other
                ? explanation with { Failure = $"type error: expected bool, got {other.Kind}", FailedAt = step.Expression.Position }
                : explanation with { Failure = step.Failure, FailedAt = step.FailedAt };
        }

        var causes = new List<Cause>();
        Find(step, entities, causes);
        return explanation with { Causes = causes };
    }

    private static void Find(Step step, Entities entities, List<Cause> causes)
    {
        if (causes.Count == MostCauses)
            return;

        var isTrue = step.Test == true;
        switch (step.Expression)
        {
            // One operand decides; or, where none did, they all have.
            case Conjunction when !isTrue:
            case Disjunction when isTrue:
                Find(step.Operands[^1], entities, causes);
                break;
            case Conjunction or Disjunction:
                foreach (var operand in step.Operands)
                    Find(operand, entities, causes);
                break;
            case Not:
                Find(step.Operands[0], entities, causes);
                break;
            case Conditional:
                // A branch that is always the same says nothing: then it is the test that decided.
                Find(step.Operands[step.Operands[1].Expression.Constant is null ? 1 : 0], entities, causes);
                break;
            default:
                causes.Add(new Cause(
                    step.Expression.Position, ExpressionText.Shortened(step.Expression, LongestText), isTrue, Observe(step, entities)));
                break;
        }
    }

    private static List<Observation> Observe(Step step, Entities entities)
    {
        var observed = new List<Observation>();
        // Of `context.opaque` its value says all; the record that it is in says too much.
        if (step.Expression is GetAttribute or GetTag)
            return observed;

        foreach (var operand in step.Operands)
        {
            if (operand.Expression.Constant is not null || operand.Value is not { } value)
                continue;

            var text = ExpressionText.Shortened(operand.Expression, LongestText);
            if (step.Expression is HasAttribute && AttributesOf(value, entities) is { } attributes)
            {
                observed.Add(new Observation(text, Shortened($"has {(attributes.Count == 0 ? "no attributes" : string.Join(", ", attributes.Names.ToArray()))}")));
                continue;
            }

            observed.Add(new Observation(text, ExpressionText.Shortened(value, LongestText)));
            if (step.Expression is Membership or IsType { Within: not null } && value is EntityValue entity && operand == step.Operands[0])
                observed.Add(new Observation($"{text} is in", Shortened($"[{string.Join(", ", entities.Ancestors(entity.Uid))}]")));
        }

        return observed;
    }

    private static RecordValue? AttributesOf(Value value, Entities entities) => value switch
    {
        RecordValue record => record,
        EntityValue entity => entities.TryGet(entity.Uid, out var found) ? found.Attributes : RecordValue.Empty,
        _ => null,
    };

    private static string Shortened(string text) => text.Length > LongestText ? $"{text[..LongestText]}..." : text;
}
