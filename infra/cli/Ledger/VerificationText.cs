using Proofgate.Cli.Output;
using Spectre.Console;

namespace Proofgate.Cli.Ledger;

/// <summary>The report of a verification for people.</summary>
internal static class VerificationText
{
    internal static void Write(VerificationDocument report, Printer printer)
    {
        printer.Line($"Audit log in {report.Storage}");
        if (report.Logs.Count > 0)
        {
            printer.Table(Logs(report.Logs));
        }

        printer.Line(
            $"{report.Events} events of {report.Sources} sources: {report.Decisions} decisions, {report.Outcomes} outcomes, {report.OpenDecisionCount} decisions still open.");
        if (report.Redelivered > 0)
        {
            printer.Line($"{report.Redelivered} redelivered records have no leaf of their own.");
        }

        if (report.DecidedAgain is { } again)
        {
            printer.Line(
                $"Decided again: {again.Same} with the recorded answer, {again.Differing} with another; {again.Sealed} cannot be opened, "
                + $"{again.OtherBundles} were made by a bundle that is not at hand.");
        }

        List(printer, "Open decisions", report.OpenDecisionCount, report.OpenDecisions);
        List(printer, "Notes", report.NoteCount, report.Notes.Select(static n => $"{n.Kind} at {n.Log} leaf {n.Index}: {n.Message}"));
        List(printer, "Findings", report.FindingCount, report.Findings.Select(static f =>
            $"{f.Kind.Replace('_', ' ')} at {(f.Log.Length == 0 ? "the table" : f.Log)}{(f.Row is null ? "" : $" row {f.Row}")}: {f.Message}"));
        printer.Line(Verdict(report));
        if (report.ExitCode != ExitCode.Unreachable.Value)
        {
            printer.Line(report.Limit);
        }
    }

    private static string Verdict(VerificationDocument report) => report switch
    {
        { Sound: true, Logs: [] } => "Sound, and empty: nothing was recorded here, or nothing of it is left.",
        { Sound: true } => "Sound: every leaf, root and counter was computed again and agrees.",
        { ExitCode: 3 } => "Not verified: the audit log could not be read to its end.",
        _ => $"Not sound: {report.Result.Replace('_', ' ')} (exit code {report.ExitCode}).",
    };

    private static Table Logs(IEnumerable<VerificationDocument.Log> logs)
    {
        var table = new Table();
        table.AddColumns("partition", "epoch", "size", "root", "state");
        foreach (var log in logs)
        {
            table.AddRow(
                new Text(Printable.Line($"{log.Hub} {log.Partition}")), new Text($"{log.Epoch}"), new Text($"{log.Size}"), new Text(log.Root),
                new Text(log.Closed ? "closed" : "open"));
        }

        return table;
    }

    private static void List(Printer printer, string title, long count, IEnumerable<string> lines)
    {
        if (count == 0)
        {
            return;
        }

        printer.Line($"{title} ({count}):");
        var shown = 0;
        foreach (var line in lines)
        {
            printer.Line($"  {line}");
            shown++;
        }

        if (shown < count)
        {
            printer.Line($"  ... and {count - shown} more");
        }
    }
}
