using Proofgate.Cedar.Explaining;

namespace Proofgate.Policy.Testing;

/// <summary>Decides every combination of a file.</summary>
internal static class TestRun
{
    /// <summary>Ids of the engine's own rules, which come before policies.</summary>
    private const string Own = "proofgate.";

    internal static IEnumerable<BundleTestCase> Of(TestFile file, PolicyBundle bundle, Coverage coverage) =>
        file.All.Select(c => Run(file, c.Principal, c.Action, c.Resource, c.Context, bundle, coverage));

    private static BundleTestCase Run(
        TestFile file, TestPrincipal principal, string action, TestResource resource, TestContext context, PolicyBundle bundle, Coverage coverage)
    {
        var question = new TestQuestion(principal, action, resource, context);
        var decision = question.Ask(bundle);
        if (!decision.Policies.Any(static p => p.StartsWith(Own, StringComparison.Ordinal)))
        {
            foreach (var (request, entities) in question.Requests(bundle))
            {
                coverage.Record(request, entities);
            }
        }

        var selected = file.Expectations.Where(e => e.Selects(principal.Name, action, resource.Name, context.Name)).ToList();
        var told = selected.Find(e => FailureOf(decision, e) is not null) ?? selected.FirstOrDefault();
        return new BundleTestCase(question)
        {
            Name = told?.Name,
            File = file.Name,
            Principal = principal.Name,
            Action = action,
            Resource = resource.Name,
            Context = context.Name,
            ExpectedAllowed = told?.Allow ?? false,
            ExpectedPolicies = told?.Because,
            Decision = decision,
            Failure = told is not null ? FailureOf(decision, told)
                : decision.Allowed ? $"is allowed by {List(decision.Policies)}, and no case names it: say `\"expect\": \"allow\"`, or correct the policy" : null,
        };
    }

    private static string? FailureOf(Decision decision, TestExpectation expectation)
    {
        if (decision.Allowed != expectation.Allow)
        {
            return decision.Allowed
                ? $"is allowed by {List(decision.Policies)}, expected deny"
                : $"is denied{(decision.Policies.Count > 0 ? $" by {List(decision.Policies)}" : ": no policy permits it")}, expected allow";
        }

        if (expectation.Because is { } because && !because.ToHashSet(StringComparer.Ordinal).SetEquals(decision.Policies))
        {
            return $"is {(decision.Allowed ? "allowed" : "denied")} because of {List(decision.Policies)}, expected {List(because)}";
        }

        var offered = TestExpectation.StepUpText(decision.StepUp);
        return expectation.StepUp is { } stepUp && stepUp != offered ? $"offers the step-up {offered}, expected {stepUp}" : null;
    }

    private static string List(IReadOnlyList<string> policies) => policies.Count == 0 ? "no policy" : string.Join(", ", policies);
}
