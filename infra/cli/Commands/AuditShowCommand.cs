using System.CommandLine;
using Proofgate.Audit;
using Proofgate.Cli.Help;
using Proofgate.Cli.Ledger;
using Proofgate.Cli.Local;
using Proofgate.Cli.Output;
using Proofgate.Cli.Policies;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate audit show</c>: one decision of the log, and why the caller got what he got.</summary>
internal sealed class AuditShowCommand : CliCommand
{
    private readonly Argument<string> _id = new("id") { Description = "The decision's audit id, as the answer's Proofgate-Audit-Id names it." };

    private readonly Option<string?> _bundle = new("--bundle")
    {
        HelpName = "FOLDER",
        Description = "The policy bundle that decided, for the text of row conditions and the names of labels; by default this folder's, or the sample.",
    };

    private readonly DecisionOptionSet _ledger = new();

    internal AuditShowCommand(CommandScope scope)
        : base(scope, "show", "Show one decision of the audit log: who asked, which rows, columns and kinds policy allowed, what it stands on, and how it ended.", new Lesson(
            [
                new Example("proofgate audit show 01974e2a-7d6c-7000-8000-000000000000", "a decision of the local run"),
                new Example("proofgate audit show 01974e2a-7d6c-7000-8000-000000000000 --json | jq '.grounds[].residuals'", "which rows of which datasets an answer stands on"),
            ],
            [ExitCode.Done, ExitCode.Usage, ExitCode.Unreachable, ExitCode.Interrupted],
            "Who called, and the text of row conditions, are in the sealed part, which the audit master key and the caller's data key open; without them the rest is shown.\n"
            + "What rows held is nowhere in the log: only their number and a keyed digest.",
            "It verifies nothing: `proofgate audit verify` does. `proofgate policy explain --audit-id` says why each policy applied or did not."))
    {
        Add(_id);
        Add(_bundle);
        _ledger.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, Printer printer, CancellationToken cancellationToken)
    {
        if (!AuditId.TryParse(parsed.GetRequiredValue(_id), out var id))
        {
            return printer.Fail(CliError.Usage("audit_id", "this is no audit id, such as 01974e2a-7d6c-7000-8000-000000000000: copy it whole."));
        }

        if (!_ledger.Ledger.TryOpen(Host, parsed, out var table, out var place, out var error))
        {
            return printer.Fail(error);
        }

        DecisionOpener? opener = null;
        if ((_ledger.IsAsked(parsed) || LocalSecrets.AuditMaster(Host) is not null) && !_ledger.TryOpener(parsed, Host, place, out opener, out error))
        {
            return printer.Fail(error);
        }

        var bundle = new BundleFolders(Host).Load(parsed.GetValue(_bundle));
        if (bundle is not BundleOutcome.Loaded && parsed.GetValue(_bundle) is not null)
        {
            return bundle is BundleOutcome.Failed failed
                ? printer.Fail(failed.Error)
                : printer.Fail(CliError.Usage("bundle_unsound", "the bundle of --bundle cannot be used: `proofgate policy check` says why."));
        }

        DecisionDocument? found;
        try
        {
            found = await new DecisionReport(table, opener, new BundleShelf(bundle is BundleOutcome.Loaded loaded ? [loaded.Bundle] : [], null)).FindAsync(id, cancellationToken);
        }
        catch (Exception unreachable) when (DecisionOpener.IsOutage(unreachable))
        {
            return printer.Fail(LedgerDecisions.Unreachable);
        }

        if (found is null)
        {
            return printer.Fail(CliError.Unreachable("decision_unknown", $"the ledger has no decision {id}: it may not have been written yet."));
        }

        if (printer.Json)
        {
            printer.Document(found, CliJson.Default.DecisionDocument);
        }
        else
        {
            DecisionText.Write(found, printer);
        }

        return ExitCode.Done.Value;
    }
}
