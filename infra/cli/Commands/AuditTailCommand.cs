using System.CommandLine;
using System.Globalization;
using Proofgate.Audit;
using Proofgate.Audit.Verification;
using Proofgate.Cli.Evidence;
using Proofgate.Cli.Help;
using Proofgate.Cli.Ledger;
using Proofgate.Cli.Output;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate audit tail</c>: what is recorded, as it is recorded.</summary>
internal sealed class AuditTailCommand : CliCommand
{
    private readonly LedgerOptionSet _ledger = new();

    private readonly Option<int> _last = new("--last") { HelpName = "N", DefaultValueFactory = static _ => 10, Description = "Leaves of each log to begin with, at most 10,000." };

    private readonly Option<bool> _follow = new("--follow") { Aliases = { "-f" }, Description = "Goes on until Ctrl-C." };

    internal AuditTailCommand(CommandScope scope)
        : base(scope, "tail", "Show the newest records of the audit log.", new Lesson(
            [
                new Example("proofgate audit tail", "the last ten of each log"),
                new Example("proofgate audit tail -f --json | jq 'select(.kind==\"refusal\")'", "refusals, as they are recorded"),
            ],
            [ExitCode.Done, ExitCode.Usage, new ExitCode(3, "the log could not be read"), ExitCode.Interrupted],
            "With --json it prints one document a line. It shows what stands there and verifies nothing: `proofgate audit verify` does."))
    {
        Add(_last);
        Add(_follow);
        Add(_ledger.Storage);
        Add(_ledger.Endpoint);
        Validators.Add(result =>
        {
            if (result.GetValue(_last) is < 0 or > 10_000)
            {
                result.AddError("--last is 0 to 10000");
            }
        });
    }

    protected override async Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        if (!_ledger.TryOpen(Host, parsed, out var table, out _, out var error))
        {
            return printer.Fail(error);
        }

        try
        {
            await foreach (var entry in new LedgerTail(table, Host.Time).ReadAsync(parsed.GetValue(_last), parsed.GetValue(_follow), cancellationToken))
            {
                if (printer.Json)
                {
                    printer.Document(
                        new TailDocument(entry.Log, entry.Index, entry.Kind, entry.Time, entry.Id?.ToString(), entry.Correlation?.ToString(), entry.Result),
                        CliJson.Default.TailDocument);
                }
                else
                {
                    printer.Line(string.Create(
                        CultureInfo.InvariantCulture, $"{entry.Time:yyyy-MM-dd HH:mm:ss.fff} {entry.Log} {entry.Index} {entry.Kind} {entry.Id} {entry.Result}"));
                }
            }
        }
        catch (LedgerUnavailableException e)
        {
            return printer.Fail(CliError.Unreachable("ledger_unreadable", $"the audit log cannot be read: {e.Message}"));
        }

        return ExitCode.Done.Value;
    }
}
