using Proofgate.Cedar.Evaluation;
using Proofgate.Cedar.Expressions;
using Proofgate.Cedar.Residuals;

namespace Proofgate.Cedar.Explaining;

/// <summary>Records, over many evaluations, which policies were in scope and satisfied, and which parts of their conditions were true and false.
/// Not for several threads at once.</summary>
public sealed class Coverage
{
    private const int LongestText = 120;

    // Policies that are linked from one template share their expressions.
    private readonly Dictionary<(Policy, Expression), CoveragePoint> _points = [];

    public Coverage(PolicySet policies)
    {
        var all = new List<PolicyCoverage>();
        foreach (var policy in policies.Policies)
        {
            var points = new List<CoveragePoint>();
            foreach (var condition in policy.Conditions)
            {
                Add(policy, CoverageKind.Condition, condition.Body, points);
                Walk(policy, condition.Body, points);
            }

            all.Add(new PolicyCoverage(policy, points));
        }

        Policies = all;
    }

    /// <summary>In the order of the set.</summary>
    public IReadOnlyList<PolicyCoverage> Policies { get; }

    /// <summary>Requests recorded.</summary>
    public int Evaluations { get; private set; }

    /// <summary>What was never reached, in the order of the policies. A policy that was never in scope is one gap.</summary>
    public IReadOnlyList<CoverageGap> Gaps => [.. Policies.SelectMany(GapsOf)];

    /// <summary>Evaluates a request once more and counts.</summary>
    public void Record(Request request, Entities entities)
    {
        Evaluations++;
        var tracer = new Tracer(new Evaluator(request, entities));
        foreach (var coverage in Policies)
        {
            if (!ScopeText.Fits(coverage.Policy, request, entities))
                continue;

            coverage.InScope++;
            switch (Run(coverage.Policy, tracer))
            {
                case true:
                    coverage.Satisfied++;
                    break;
                case null:
                    coverage.Failed++;
                    break;
            }
        }
    }

    private bool? Run(Policy policy, Tracer tracer)
    {
        foreach (var condition in policy.Conditions)
        {
            var step = tracer.Run(condition.Body);
            Count(policy, step);
            if (step.Test is not { } holds)
                return null;
            if (holds == condition.IsUnless)
                return false;
        }

        return true;
    }

    private void Count(Policy policy, Step step)
    {
        if (_points.TryGetValue((policy, step.Expression), out var point))
            point.Count(step);
        foreach (var operand in step.Operands)
            Count(policy, operand);
    }

    private void Walk(Policy policy, Expression expression, List<CoveragePoint> points)
    {
        switch (expression)
        {
            case Conjunction e:
                Operands(policy, e.Operands, points);
                break;
            case Disjunction e:
                Operands(policy, e.Operands, points);
                break;
            case Not e:
                Walk(policy, e.Operand, points);
                break;
            case Conditional e:
                Add(policy, CoverageKind.Test, e.Test, points);
                Walk(policy, e.Test, points);
                Add(policy, CoverageKind.Branch, e.Consequent, points);
                Walk(policy, e.Consequent, points);
                Add(policy, CoverageKind.Branch, e.Alternative, points);
                Walk(policy, e.Alternative, points);
                break;
            case IsType { Within: { } within } e:
                Walk(policy, e.Target, points);
                Walk(policy, within, points);
                break;
            default:
                foreach (var operand in Strict.OperandsOf(expression) ?? [])
                    Walk(policy, operand, points);
                break;
        }
    }

    private void Operands(Policy policy, ReadOnlySpan<Expression> operands, List<CoveragePoint> points)
    {
        foreach (var operand in operands)
        {
            Add(policy, CoverageKind.Operand, operand, points);
            Walk(policy, operand, points);
        }
    }

    /// <summary>A constant is what it is: only whether it is reached counts.</summary>
    private void Add(Policy policy, CoverageKind kind, Expression expression, List<CoveragePoint> points)
    {
        if (expression.Constant is not null && kind != CoverageKind.Branch)
            return;

        var point = new CoveragePoint(kind, expression.Position, ExpressionText.Shortened(expression, LongestText));
        if (_points.TryAdd((policy, expression), point))
            points.Add(point);
    }

    private static IEnumerable<CoverageGap> GapsOf(PolicyCoverage coverage)
    {
        if (coverage.InScope == 0)
        {
            yield return new CoverageGap(coverage.Policy, coverage.Policy.Position, "no request is in its scope");
            yield break;
        }

        if (coverage.Satisfied == 0)
            yield return new CoverageGap(coverage.Policy, coverage.Policy.Position, "no request satisfies it");
        foreach (var point in coverage.Points.Where(static p => !p.IsCovered))
        {
            var what = point switch
            {
                { Reached: 0 } => "is never reached",
                { True: 0, False: 0 } => "only fails",
                { True: 0 } => "is never true",
                _ => "is never false",
            };
            yield return new CoverageGap(coverage.Policy, point.Position, $"`{point.Text}` {what}");
        }
    }
}
