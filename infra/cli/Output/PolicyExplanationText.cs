namespace Proofgate.Cli.Output;

/// <summary>An explanation for people: first what applied, then what came near, then the rest in a line each.</summary>
internal static class PolicyExplanationText
{
    private const int Nearest = 3;

    /// <summary>Ids of the engine's own rules.</summary>
    private const string Own = "proofgate.";

    internal static void Write(PolicyExplanationDocument document, Printer printer)
    {
        printer.Line($"{document.Question}: {document.Answer}.");
        if (document.Reason.Length > 0)
        {
            printer.Line($"The caller is told: {document.Reason}");
        }

        if (document.Report is { } report)
        {
            printer.Line($"With the report-only policies in force: {report}.");
        }

        if (document.Answer.Policies.Any(static p => p.StartsWith(Own, StringComparison.Ordinal)))
        {
            printer.Line("A limit of the key decided before any policy was asked. What the policies say:");
        }

        foreach (var principal in document.Principals)
        {
            Write(principal, printer);
        }
    }

    private static void Write(PolicyExplanationDocument.Principal principal, Printer printer)
    {
        printer.Line($"For {principal.Uid} ({(principal.Allowed ? "allowed" : "denied")}):");
        foreach (var policy in principal.Policies.Where(static p => p.Outcome is "satisfied" or "failed"))
        {
            Write(policy, policy.Outcome == "satisfied" ? "applies" : "could not be evaluated", printer);
        }

        var nearest = principal.Nearest.Take(Nearest).ToList();
        if (nearest.Count > 0)
        {
            printer.Line("  No permit applies. The nearest:");
            foreach (var id in nearest)
            {
                Write(principal.Policies.First(p => p.Id == id), "does not apply", printer);
            }
        }

        var rest = principal.Policies.Where(p => p.Outcome is not ("satisfied" or "failed") && !nearest.Contains(p.Id)).ToList();
        if (rest.Count > 0)
        {
            printer.Line("  Policies that did not apply:");
            foreach (var policy in rest)
            {
                printer.Line($"    {policy.Id} ({policy.Effect}): {Short(policy)}");
            }
        }
    }

    private static void Write(PolicyExplanationDocument.Explained policy, string what, Printer printer)
    {
        printer.Line($"    {policy.Id} ({policy.Effect}, {(policy.File is null ? "" : $"{policy.File}:")}{policy.Line}:{policy.Column}) {what}");
        foreach (var mismatch in policy.Scope)
        {
            printer.Line($"      {Of(mismatch)}");
        }

        foreach (var condition in policy.Conditions)
        {
            printer.Line($"      {condition.Line}:{condition.Column} {(condition.Unless ? "unless" : "when")} {{ {condition.Text} }} {(condition.Failure is null ? "is not met" : $"failed: {condition.Failure} ({condition.FailedLine}:{condition.FailedColumn})")}");
            foreach (var cause in condition.Causes)
            {
                var observed = cause.Observed.Count == 0 ? "" : $", with {string.Join("; ", cause.Observed.Select(Of))}";
                printer.Line($"        {cause.Line}:{cause.Column} {cause.Text} is {(cause.Value ? "true" : "false")}{observed}");
            }
        }
    }

    private static string Short(PolicyExplanationDocument.Explained policy)
    {
        if (policy.Scope.Count > 0)
        {
            return Of(policy.Scope[0]);
        }

        var condition = policy.Conditions[0];
        return condition.Causes is [var cause, ..]
            ? $"{cause.Text} is {(cause.Value ? "true" : "false")}{(cause.Observed.Count == 0 ? "" : $" ({string.Join("; ", cause.Observed.Select(Of))})")}"
            : $"{condition.Text} is not met";
    }

    private static string Of(PolicyExplanationDocument.Mismatch mismatch) =>
        $"asks for {mismatch.Constraint}; here it is {mismatch.Actual}{(mismatch.Ancestors.Count == 0 ? "" : $", which is in {string.Join(", ", mismatch.Ancestors)}")}";

    private static string Of(PolicyExplanationDocument.Observation observation) => $"{observation.Text} = {observation.Value}";
}
