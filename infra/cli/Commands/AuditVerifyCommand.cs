using System.CommandLine;
using Proofgate.Audit;
using Proofgate.Audit.Verification;
using Proofgate.Cli.Help;
using Proofgate.Cli.Ledger;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate audit verify</c>: recomputes the ledger from its rows. Needs no gateway and none of its secrets.</summary>
internal sealed class AuditVerifyCommand : CliCommand
{
    private readonly Option<string?> _storage = new("--storage")
    {
        HelpName = "VARIABLE",
        Description = $"Name of an environment variable with the storage account's connection string. Else {StateFile.FolderName}/{StateFile.Name}.",
    };

    private readonly Option<string?> _endpoint = new("--table-endpoint")
    {
        HelpName = "URL",
        Description = "Address of the table service, read as you (az login, managed identity, ...): Storage Table Data Reader is enough.",
    };

    internal AuditVerifyCommand(CommandScope scope)
        : base(scope, "verify", "Read the whole audit log from storage and compute it again: every leaf, root, commit and counter.", new Lesson(
            [
                new Example("proofgate audit verify", "verifies the local run's log, also while the gateway runs"),
                new Example("proofgate audit verify --table-endpoint https://ledger.table.core.windows.net", "verifies a deployment's log with your own identity"),
                new Example("proofgate audit verify --json | jq .openDecisions", "the calls that were let through and have no outcome yet"),
            ],
            [
                new ExitCode(0, "sound; open decisions, gaps and opaque leaves are listed and change nothing"),
                ExitCode.Usage,
                new ExitCode(3, "the log could not be read"),
                new ExitCode(10, "bytes were changed"),
                new ExitCode(11, "rows are missing"),
                new ExitCode(12, "events are out of order or there twice"),
                new ExitCode(15, "a hole in the stream has no gap leaf"),
                ExitCode.Interrupted,
            ],
            "The exit code is that of the first finding, of which others may follow; all are listed with their place. Codes 13, 14, 16 and 17 are kept for\n"
            + "signatures, witnesses and decisions that are made again, which this version does not check.",
            "It verifies what the log holds now and waits for nothing. " + VerificationReport.WithoutCheckpoint))
    {
        Add(_storage);
        Add(_endpoint);
        Validators.Add(result =>
        {
            if (result.GetValue(_storage) is not null && result.GetValue(_endpoint) is not null)
            {
                result.AddError("--storage and --table-endpoint exclude each other");
            }
        });
    }

    protected override async Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        if (!new LedgerLocator(Host).TryLocate(parsed.GetValue(_storage), parsed.GetValue(_endpoint), out var place, out var error))
        {
            return printer.Fail(error);
        }

        ILedgerTable table;
        try
        {
            table = Host.OpenLedger(place);
        }
        catch (Exception malformed) when (malformed is FormatException or ArgumentException or InvalidOperationException)
        {
            return printer.Fail(CliError.Usage("storage_malformed", $"{place.Named} is not described by a connection string: copy it again, whole and without quotes."));
        }

        var options = new VerificationOptions { Progress = Host.ErrorIsTerminal ? new VerifyProgress(printer, Host.Time) : null };
        var report = VerificationDocument.Of(await new LedgerVerifier(table).VerifyAsync(options, cancellationToken), place);
        if (printer.Json)
        {
            printer.Document(report, CliJson.Default.VerificationDocument);
        }
        else
        {
            VerificationText.Write(report, printer);
        }

        if (report.ExitCode == ExitCode.Unreachable.Value)
        {
            var local = parsed.GetValue(_storage) is null && parsed.GetValue(_endpoint) is null;
            var remedy = local ? $"is the local run going? Its storage ends with it; {StateFile.StartHint}" : "check the address, and that you may read it";
            printer.Remark($"proofgate: the audit log could not be read to its end: {remedy}.");
        }

        return report.ExitCode;
    }
}
