using System.Runtime.CompilerServices;

namespace Proofgate.Cedar.Residuals;

/// <summary>
/// Says of an expression that may fail when it is true, or false, without a failure: errors go into <see cref="ResidualExpression.Holds"/> around the
/// smallest parts, and <c>&amp;&amp;</c> and <c>||</c> around those no longer depend on the order of evaluation. The parts of an expression can occur
/// twice in this, so the number is bounded: what is over stays whole.
/// </summary>
internal sealed class Truth
{
    private static readonly ResidualExpression.Literal True = new(BoolValue.True);
    private static readonly ResidualExpression.Literal False = new(BoolValue.False);

    private int _parts = CedarLimits.ResidualParts;

    public ResidualExpression Of(ResidualExpression expression, bool expected)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        _parts--;
        switch (expression)
        {
            case ResidualExpression.Literal literal:
                return literal.Value.Equals(BoolValue.Of(expected)) ? True : False;
            case ResidualExpression.Failure:
                return False;
            case ResidualExpression.Not opposite:
                return Of(opposite.Operand, !expected);
            case ResidualExpression.Equal equal when !expected:
                return Of(equal with { Negated = !equal.Negated }, expected: true);
            case var total when !total.CanFailAsTest:
                return expected ? total : new ResidualExpression.Not(total);
            case ResidualExpression.And all when _parts > 0:
                return expected ? All(all.Terms.Select(t => Of(t, true))) : Stopped(all.Terms, 0, by: false);
            case ResidualExpression.Or any when _parts > 0:
                return expected ? Stopped(any.Terms, 0, by: true) : All(any.Terms.Select(t => Of(t, false)));
            case ResidualExpression.If choice when _parts > 0:
                return Any([
                    All([Of(choice.Test, true), Of(choice.Consequent, expected)]),
                    All([Of(choice.Test, false), Of(choice.Alternative, expected)]),
                ]);
            default:
                return new ResidualExpression.Holds(expression, expected);
        }
    }

    public static ResidualExpression All(IEnumerable<ResidualExpression> terms) => Join(terms, isAnd: true);

    public static ResidualExpression Any(IEnumerable<ResidualExpression> terms) => Join(terms, isAnd: false);

    /// <summary>One term is <paramref name="by"/> and ends it, and no term before it fails.</summary>
    private ResidualExpression Stopped(IReadOnlyList<ResidualExpression> terms, int from, bool by)
    {
        // From behind, so that a long chain needs no stack.
        var stopped = Of(terms[^1], by);
        for (var i = terms.Count - 2; i >= from; i--)
        {
            // That a term that cannot fail goes on need not be said: where it does not, it has ended it already.
            var here = Of(terms[i], by);
            stopped = terms[i].CanFailAsTest ? Any([here, All([Of(terms[i], !by), stopped])]) : Any([here, stopped]);
        }

        return stopped;
    }

    private static ResidualExpression Join(IEnumerable<ResidualExpression> terms, bool isAnd)
    {
        var kept = new List<ResidualExpression>();
        foreach (var term in terms)
        {
            if (term is ResidualExpression.Literal { Value: BoolValue test })
            {
                if (test.Value != isAnd)
                    return isAnd ? False : True;
            }
            else if (isAnd && term is ResidualExpression.And all)
            {
                kept.AddRange(all.Terms);
            }
            else if (!isAnd && term is ResidualExpression.Or any)
            {
                kept.AddRange(any.Terms);
            }
            else
            {
                kept.Add(term);
            }
        }

        return kept.Count switch
        {
            0 => isAnd ? True : False,
            1 => kept[0],
            _ when isAnd => new ResidualExpression.And(kept),
            _ => new ResidualExpression.Or(kept),
        };
    }
}
