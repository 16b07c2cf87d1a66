using Proofgate.Cli.Gateway.Wire;
using Spectre.Console;

namespace Proofgate.Cli.Output;

/// <summary>The table of <c>deny list</c>.</summary>
internal static class DenyTable
{
    internal static Table Of(IEnumerable<DenyRecord> entries)
    {
        var table = new Table();
        table.AddColumns("id", "kind", "value", "until", "by", "reason");
        foreach (var entry in entries)
        {
            table.AddRow(
                Cell(entry.Id), Cell(entry.Kind), Cell(entry.Value), Cell(entry.Until is { } until ? $"{until.UtcDateTime:yyyy-MM-dd HH:mm}" : "lifted"),
                Cell(entry.By ?? string.Empty), Cell(entry.Reason ?? string.Empty));
        }

        return table;
    }

    private static Text Cell(string text) => new(Printable.Line(text));
}
