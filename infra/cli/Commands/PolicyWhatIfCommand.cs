using System.CommandLine;
using Proofgate.Audit;
using Proofgate.Cli.Help;
using Proofgate.Cli.Ledger;
using Proofgate.Cli.Output;
using Proofgate.Cli.Policies;
using Proofgate.Enforcement.Replay;

namespace Proofgate.Cli.Commands;

/// <summary><c>proofgate policy whatif</c>: decides the ledger's recorded requests again, under a candidate.</summary>
internal sealed class PolicyWhatIfCommand : PolicyCommand
{
    private readonly DecisionOptionSet _ledger = new();

    internal PolicyWhatIfCommand(CommandScope scope)
        : base(scope, "whatif", "Decide every request of the audit log again under a candidate bundle, and list each decision that would change.", new Lesson(
            [
                new Example("proofgate policy whatif ./candidate", "what the candidate would have changed in the local run"),
                new Example("proofgate policy whatif ./candidate --storage LEDGER --master AUDIT_MASTER --json | jq .reversed", "the same for a deployment, for a script"),
            ],
            [new ExitCode(0, "no decision would change"), ExitCode.Usage, ExitCode.Unreachable, ExitCode.Unsound, ExitCode.Differs, ExitCode.Interrupted],
            "The request of a decision is in its sealed part, which the audit master key and the data key of the person open. Nothing of it is printed but what the\n"
            + "ledger shows anyway: action, resource and policies.",
            "Keys' limits are decided as they were recorded. What a prompt or an answer held is taken from the record: new kinds of data are not looked for."))
    {
        _ledger.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, BundleOutcome.Loaded bundle, Printer printer, CancellationToken cancellationToken)
    {
        if (!_ledger.TryOpen(parsed, Host, out var ledger, out var error))
        {
            return printer.Fail(error);
        }

        PolicyWhatIfDocument document;
        try
        {
            document = await ReplayAsync(bundle, ledger, cancellationToken);
        }
        catch (Exception unreachable) when (DecisionOpener.IsOutage(unreachable))
        {
            return printer.Fail(LedgerDecisions.Unreachable);
        }

        if (printer.Json)
        {
            printer.Document(document, CliJson.Default.PolicyWhatIfDocument);
        }
        else
        {
            PolicyChangeText.Write(document, printer);
        }

        return (document.ChangedCount > 0 ? ExitCode.Differs : ExitCode.Done).Value;
    }

    private static async Task<PolicyWhatIfDocument> ReplayAsync(BundleOutcome.Loaded bundle, LedgerDecisions ledger, CancellationToken cancellationToken)
    {
        long decisions = 0, closed = 0, changed = 0, reversed = 0;
        var listed = new List<PolicyWhatIfDocument.Redecided>();
        await foreach (var (read, decision) in ledger.ReadAsync(cancellationToken))
        {
            decisions++;
            if (decision is null)
            {
                closed++;
                continue;
            }

            var differences = decision.DifferencesFrom(bundle.Bundle);
            if (differences.Count == 0)
            {
                continue;
            }

            changed++;
            var again = decision.Again(bundle.Bundle);
            reversed += again.Allowed == decision.Recorded.Allowed ? 0 : 1;
            if (listed.Count < Listed.Most)
            {
                listed.Add(Change(read.Event, decision, again, differences));
            }
        }

        return new PolicyWhatIfDocument
        {
            Folder = bundle.Folder,
            Digest = bundle.Bundle.Digest,
            Storage = ledger.Named,
            Decisions = decisions,
            Sealed = closed,
            Same = decisions - closed - changed,
            ChangedCount = changed,
            Reversed = reversed,
            Changed = listed,
        };
    }

    private static PolicyWhatIfDocument.Redecided Change(
        AuditEvent recorded, RecordedDecision decision, Audit.Events.DecisionRecord again, IReadOnlyList<string> differences) => new(
            recorded.Id.ToString(), recorded.Time, decision.Recorded.Action, decision.Recorded.Resource, decision.Recorded.PolicyDigest,
            PolicyWhatIfDocument.Answer(decision.Recorded), PolicyWhatIfDocument.Answer(again), differences);
}
