using Spectre.Console;

namespace Proofgate.Cli.Output;

/// <summary>The reports of <c>diff</c> and <c>whatif</c> for people.</summary>
internal static class PolicyChangeText
{
    internal static void Write(PolicyDiffDocument document, Printer printer)
    {
        List(printer, "Added", document.Added);
        List(printer, "Removed", document.Removed);
        List(printer, "Changed", [.. document.Changed.Select(static c => $"{c.Id} ({string.Join(", ", c.What)})")]);
        foreach (var note in document.Notes)
        {
            printer.Line($"Not compared: {note}");
        }

        if (document.Decisions.Count > 0)
        {
            var table = new Table();
            table.AddColumns("file", "principal", "action", "resource", "context", "before", "after");
            foreach (var d in document.Decisions)
            {
                table.AddRow(Cell(d.File), Cell(d.Principal), Cell(d.Action), Cell(d.Resource), Cell(d.Context), Cell(d.Before.ToString()), Cell(d.After.ToString()));
            }

            printer.Table(table);
        }

        printer.Line(document is { Added: [], Removed: [], Changed: [] }
            ? $"The policies are the same. {document.DecisionCount} decisions of the tests change."
            : $"{document.Added.Count} policies added, {document.Removed.Count} removed, {document.Changed.Count} changed. {document.DecisionCount} decisions of the tests change.");
    }

    internal static void Write(PolicyWhatIfDocument document, Printer printer)
    {
        if (document.Changed.Count > 0)
        {
            var table = new Table();
            table.AddColumns("audit id", "time", "action", "resource", "before", "after", "what");
            foreach (var c in document.Changed)
            {
                table.AddRow(
                    Cell(c.AuditId), Cell($"{c.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss}"), Cell(c.Action), Cell(c.Resource), Cell(c.Before.ToString()), Cell(c.After.ToString()),
                    Cell(string.Join("; ", c.Differences)));
            }

            printer.Table(table);
        }

        if (document.ChangedCount > document.Changed.Count)
        {
            printer.Line($"... and {document.ChangedCount - document.Changed.Count} more");
        }

        printer.Line(
            $"{document.Decisions} decisions in {document.Storage}: {document.Same} stay the same under {document.Folder}, {document.ChangedCount} change"
            + $" ({document.Reversed} of them from allowed to denied or back).");
        if (document.Sealed > 0)
        {
            printer.Line($"{document.Sealed} could not be opened and are not counted: their person was erased, they have no request, or the master key is another.");
        }
    }

    private static void List(Printer printer, string title, IReadOnlyList<string> items)
    {
        if (items.Count > 0)
        {
            printer.Line($"{title}: {string.Join(", ", items)}");
        }
    }

    private static Text Cell(string text) => new(Printable.Line(text));
}
