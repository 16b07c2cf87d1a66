using System.Globalization;
using System.Text.Json;
using Proofgate.Cli.Gateway.Wire;

namespace Proofgate.Cli.Output;

/// <summary>
/// Prints keys page by page, so that it holds no more than one: a table of each page for people, one document for scripts, <c>{ keys, warnings, warningCount }</c>,
/// and with <c>error</c> where a later page failed.
/// </summary>
internal sealed class KeyListPrinter(Printer printer, DateTimeOffset now)
{
    private readonly List<KeyWarning> _warnings = [];
    private long _warned;
    private long _keys;

    /// <summary>Whether a page was printed.</summary>
    internal bool HasBegun { get; private set; }

    internal void Page(IReadOnlyList<KeyRecord> keys)
    {
        var warnings = KeyReview.Of(keys, now);
        if (printer.Json)
        {
            printer.Piece(HasBegun ? string.Empty : "{\"keys\":[");
            foreach (var key in keys)
            {
                printer.Piece((_keys++ == 0 ? string.Empty : ",") + JsonSerializer.Serialize(key, CliJson.Default.KeyRecord));
            }

            _warned += warnings.Count;
            _warnings.AddRange(warnings.Take(Listed.Most - _warnings.Count));
        }
        else
        {
            if (keys.Count > 0 || !HasBegun)
            {
                printer.Table(KeyTable.Of(keys, now));
            }

            foreach (var warning in warnings)
            {
                printer.Remark($"warning: {warning.Message}");
            }
        }

        HasBegun = true;
    }

    /// <param name="error">Why there are no more pages; null at the end.</param>
    internal int End(CliError? error)
    {
        if (error is not null && !(HasBegun && printer.Json))
        {
            return printer.Fail(error);
        }

        if (printer.Json)
        {
            var warnings = string.Join(',', _warnings.Select(static w => JsonSerializer.Serialize(w, CliJson.Default.KeyWarning)));
            var failure = error is null ? string.Empty : "," + JsonSerializer.Serialize(ErrorDocument.Of(error), CliJson.Default.ErrorDocument)[1..^1];
            printer.Piece(string.Create(CultureInfo.InvariantCulture, $"],\"warnings\":[{warnings}],\"warningCount\":{_warned}{failure}}}\n"));
        }

        if (error is not null)
        {
            printer.Remark($"proofgate: {error.Message}");
        }

        return (error?.Exit ?? ExitCode.Done).Value;
    }
}
