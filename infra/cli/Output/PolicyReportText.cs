using Spectre.Console;

namespace Proofgate.Cli.Output;

/// <summary>The reports of tests and coverage for people.</summary>
internal static class PolicyReportText
{
    internal static void Write(PolicyTestDocument report, Printer printer)
    {
        foreach (var problem in report.Problems)
        {
            printer.Line(problem);
        }

        if (report.Failures.Count > 0)
        {
            var table = new Table();
            table.AddColumns("file", "case", "principal", "action", "resource", "context", "what");
            foreach (var failure in report.Failures)
            {
                table.AddRow(
                    Cell(failure.File), Cell(failure.Case ?? "(none)"), Cell(failure.Principal), Cell(failure.Action), Cell(failure.Resource), Cell(failure.Context),
                    Cell(failure.Message));
            }

            printer.Table(table);
        }

        if (report.FailureCount > report.Failures.Count)
        {
            printer.Line($"... and {report.FailureCount - report.Failures.Count} more");
        }

        if (report.Coverage is { } coverage)
        {
            Write(coverage, printer);
        }

        printer.Line(report switch
        {
            { Problems.Count: > 0 } => $"{report.Problems.Count} problems in the files of tests; {report.Cases} combinations decided, {report.FailureCount} not as expected.",
            { Cases: 0 } => "The bundle has no tests.",
            { Passed: true } => $"Passed: {report.Cases} combinations.",
            _ => $"Failed: {report.FailureCount} of {report.Cases} combinations. `proofgate policy explain --case FILE#CASE` says why.",
        });
    }

    internal static void Write(PolicyCoverageDocument report, Printer printer)
    {
        foreach (var gap in report.Gaps)
        {
            printer.Line($"{(gap.File is null ? "" : $"{gap.File}:")}{gap.Line}:{gap.Column}: {gap.Policy}: {gap.Message}");
        }

        if (report.GapCount > report.Gaps.Count)
        {
            printer.Line($"... and {report.GapCount - report.Gaps.Count} more");
        }

        var reached = report.Policies.Count(static p => p.Satisfied > 0);
        printer.Line($"Coverage: {reached} of {report.Policies.Count} policies applied to one of {report.Evaluations} requests; {report.GapCount} gaps.");
    }

    private static Text Cell(string text) => new(Printable.Line(text));
}
