using System.Globalization;
using Proofgate.Cli.Gateway.Wire;
using Spectre.Console;

namespace Proofgate.Cli.Output;

/// <summary>The table of <c>keys list</c>.</summary>
internal static class KeyTable
{
    internal static Table Of(IEnumerable<KeyRecord> keys, DateTimeOffset now)
    {
        var table = new Table();
        table.AddColumns("kid", "name", "owner", "roles", "state", "age", "expires", "last use");
        foreach (var key in keys.OrderBy(static key => key.Created).ThenBy(static key => key.Kid, StringComparer.Ordinal))
        {
            var state = KeyReview.StateOf(key, now);
            table.AddRow(
                Cell(key.Kid), Cell(key.Name), Cell(key.Owner), Cell(string.Join(", ", key.Roles ?? [])),
                new Text(Printable.Line(state), new Style(state == "active" ? Color.Green : Color.Grey)),
                Cell(Age(now - key.Created)), Cell(Day(key.Expires) ?? "never"), Cell(key.LastUsed ?? "never"));
        }

        return table;
    }

    private static Text Cell(string text) => new(Printable.Line(text));

    private static string? Day(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Age(TimeSpan age) => age switch
    {
        { TotalDays: >= 1 } => $"{(int)age.TotalDays} d",
        { TotalHours: >= 1 } => $"{(int)age.TotalHours} h",
        _ => $"{Math.Max(0, (int)age.TotalMinutes)} min",
    };
}
