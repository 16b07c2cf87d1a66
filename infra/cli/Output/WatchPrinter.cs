using System.Globalization;
using System.Text;
using Proofgate.Cli.Gateway.Wire;

namespace Proofgate.Cli.Output;

/// <summary>Shows each event on a line of its own: for people, or with <c>--json</c> as one JSON document a line.</summary>
internal sealed class WatchPrinter(Printer printer)
{
    /// <summary>Of a digest: enough to tell sessions apart.</summary>
    private const int ShownDigits = 12;

    internal void Show(WatchedEvent seen)
    {
        if (printer.Json)
        {
            printer.Document(seen, CliJson.Default.WatchedEvent);
        }
        else if (seen.Event == "dropped")
        {
            printer.Remark($"{seen.Count} decisions were too many to be shown; the audit log has them.");
        }
        else if (seen.Event == "decision")
        {
            printer.Line(Line(seen));
        }
    }

    private static string Line(WatchedEvent seen)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{seen.Time?.UtcDateTime:HH:mm:ss.fff}  {(seen.Allowed == true ? "allow" : "deny "),-5}");
        line.Append("  ").Append(seen.Action ?? seen.Method).Append(' ').Append(seen.Resource ?? seen.Route);
        Add("key", seen.Key);
        Add("label", seen.Label);
        Add("kinds", seen.Kinds is { Count: > 0 } kinds ? string.Join(", ", kinds.Select(static k => $"{k.Key}*{k.Value}")) : null);
        Add("datasets", seen.Datasets is { Count: > 0 } datasets ? string.Join(", ", datasets) : null);
        Add("lineage", seen.Lineage is { Count: > 0 } lineage ? string.Join(", ", lineage) : null);
        Add("session", seen.Session is { Length: > ShownDigits } session ? session[..ShownDigits] : seen.Session);
        Add("by", seen.Policies is { Count: > 0 } policies ? string.Join(", ", policies) : null);
        Add("refused", seen.Status is { } status ? $"{status} {seen.Reason}" : null);
        Add("audit", seen.Id);
        return line.ToString();

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                line.Append("  ").Append(name).Append(' ').Append(value);
            }
        }
    }
}
