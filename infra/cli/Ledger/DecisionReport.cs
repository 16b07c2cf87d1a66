using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Cli.Output;
using Proofgate.Cli.Policies;
using Proofgate.Enforcement.Replay;
using Proofgate.Policy;

namespace Proofgate.Cli.Ledger;

/// <summary>Makes of one decision of the ledger, with those that it stands on, what people can read.</summary>
internal sealed class DecisionReport(ILedgerTable table, DecisionOpener? opener, BundleShelf bundles)
{
    /// <summary>Null if the ledger has no such decision.</summary>
    /// <exception cref="LedgerUnavailableException">The table is out of reach.</exception>
    internal async Task<DecisionDocument?> FindAsync(AuditId id, CancellationToken cancellationToken)
    {
        var found = await ReadAsync([id], cancellationToken);
        if (found.Decisions.GetValueOrDefault(id) is not { } read)
        {
            return null;
        }

        HashSet<AuditId> grounds = [.. DecisionOpener.RecordOf(read)!.Grounds.Select(static g => AuditId.TryParse(g, out var ground) ? ground : default)];
        var below = grounds.Count == 0 ? default : await ReadAsync(grounds, cancellationToken);
        var documents = new List<DecisionDocument>();
        foreach (var ground in grounds)
        {
            if (below.Decisions.GetValueOrDefault(ground) is { } part)
            {
                documents.Add(await DescribeAsync(part, below.Outcomes.GetValueOrDefault(ground), [], cancellationToken));
            }
        }

        return await DescribeAsync(read, found.Outcomes.GetValueOrDefault(id), documents, cancellationToken);
    }

    private async Task<(Dictionary<AuditId, ReadEvent> Decisions, Dictionary<AuditId, OutcomeEvent> Outcomes)> ReadAsync(HashSet<AuditId> wanted, CancellationToken cancellationToken)
    {
        var (decisions, outcomes) = (new Dictionary<AuditId, ReadEvent>(), new Dictionary<AuditId, OutcomeEvent>());
        await foreach (var read in Audit.Ledger.LedgerEvents.ReadAllAsync(table, cancellationToken))
        {
            if (wanted.Contains(read.Event.Id) && DecisionOpener.RecordOf(read) is not null)
            {
                decisions[read.Event.Id] = read;
            }
            else if (read.Event is OutcomeEvent { CorrelationId: { } decision } outcome && wanted.Contains(decision))
            {
                outcomes[decision] = outcome;
            }
        }

        return (decisions, outcomes);
    }

    private async Task<DecisionDocument> DescribeAsync(ReadEvent read, OutcomeEvent? outcome, IReadOnlyList<DecisionDocument> grounds, CancellationToken cancellationToken)
    {
        var record = DecisionOpener.RecordOf(read)!;
        var opened = opener is null ? null : await opener.OpenAsync(read, record, cancellationToken);
        var bundle = await bundles.FindAsync(record.PolicyDigest, cancellationToken);
        return new DecisionDocument
        {
            AuditId = read.Event.Id.ToString(),
            Time = read.Event.Time,
            Allowed = record.Allowed && read.Event is DecisionEvent,
            Action = record.Action,
            Resource = record.Resource,
            Policies = record.Policies,
            Errors = record.Errors,
            Digest = record.PolicyDigest,
            Label = bundle?.Labels.NameOf(record.Label) ?? $"{record.Label}",
            Principals = opened?.Request.Principals.Select(static p => p.ToString()).ToList(),
            Refusal = read.Event is RefusalEvent refusal ? new DecisionDocument.Refused(refusal.Status, refusal.Reason) : null,
            Questions = [.. record.Questions.Select(static q => new DecisionDocument.Question(q.Action, q.Resource, q.Allowed, q.Policies))],
            Kinds = record.Kinds,
            Placeholders = record.Placeholders,
            Residuals = [.. record.Residuals.Select(r => new DecisionDocument.Rows(r.Key, r.Value, TextOf(record, r.Key, r.Value, opened, bundle)))],
            Grounds = grounds,
            Outcome = DecisionDocument.Ended.Of(outcome),
        };
    }

    /// <summary>The ledger has the digest alone: the text follows from policy and the sealed request, and is shown only where it has that digest.</summary>
    private static string? TextOf(DecisionRecord record, string dataset, string digest, RecordedDecision? opened, PolicyBundle? bundle) =>
        record.Action == Vocabulary.Query.Id && opened is not null && bundle is not null && opened.Request.Resource.Id == dataset
            && opened.Request.Rows(bundle) is var rows && rows.Digest == digest
            ? rows.Decided switch { true => "all", false => "none", null => rows.ToString() }
            : null;
}
