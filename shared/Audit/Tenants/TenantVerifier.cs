using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Verification;

namespace Proofgate.Audit.Tenants;

/// <summary>
/// Verifies a tenant's export with nothing but the log's public key: every event's proof and signature, its place, whose it is, the order of each source, and that
/// the files of the manifest and the decision of each outcome are there. A change of the log's key that the export holds is followed in either direction; a key that it
/// leads to and that is not pinned is a finding of its own.
/// </summary>
public sealed class TenantVerifier(IEvidenceStore export)
{
    private readonly HashSet<AuditId> _decisions = [];
    private readonly List<(string Log, long Index, AuditId Decision)> _outcomes = [];
    private readonly Dictionary<SourceId, (long Number, MerkleHash Hash)> _sources = [];
    private readonly HashSet<VerifierKey> _followed = [];
    private VerificationTally _tally = new(new VerificationOptions());
    private long _proved;
    private long _witnessed;

    /// <summary>Whether the folder is such an export, and not a copy of the evidence.</summary>
    /// <exception cref="EvidenceUnavailableException">It cannot be read.</exception>
    public async Task<bool> IsExportAsync(CancellationToken cancellationToken) =>
        await export.ReadAsync(TenantManifest.Path, TenantManifest.MaxBytes, cancellationToken).ConfigureAwait(false) is not null;

    public async Task<TenantReport> VerifyAsync(EvidenceOptions options, CancellationToken cancellationToken)
    {
        _tally = new VerificationTally(options.Verification);
        options.Observer?.Restart();
        TenantManifest? manifest = null;
        try
        {
            var bytes = await export.ReadAsync(TenantManifest.Path, TenantManifest.MaxBytes, cancellationToken).ConfigureAwait(false) ?? [];
            manifest = TenantManifest.TryRead(bytes);
            if (manifest is null)
                _tally.Find(VerificationCode.BytesChanged, "", TenantManifest.Path, "It is no manifest of a tenant's export.");
            else if (LogOrigin.OfSuperLog(options.Pinned.Count > 0 ? options.Pinned[0].Name : "") is { } origin)
                await LogsAsync(manifest, origin, options, cancellationToken).ConfigureAwait(false);
            else
                _tally.Find(VerificationCode.Signature, "", null, "The pinned keys' name is not a super-log's: ...-super.");
        }
        catch (EvidenceUnavailableException e)
        {
            _tally.Find(VerificationCode.CannotRead, "", null, e.Message);
        }
        catch (EvidenceDamagedException e)
        {
            _tally.Find(VerificationCode.BytesChanged, "", null, e.Message);
        }

        return new TenantReport
        {
            Report = _tally.ToReport() with { Limit = TenantReport.Incomplete },
            Tenant = manifest?.Tenant,
            Proved = _proved,
            Witnessed = _witnessed,
        };
    }

    private async Task LogsAsync(TenantManifest manifest, LogOrigin origin, EvidenceOptions options, CancellationToken cancellationToken)
    {
        var keys = new LogKeys(options.Pinned, await ChangesAsync(origin, cancellationToken).ConfigureAwait(false));
        await StrangersAsync(manifest, origin, cancellationToken).ConfigureAwait(false);
        foreach (var log in manifest.Logs)
        {
            if (LogName.TryParse(log.Name, out var name) && origin.Has(log.Name))
                await LogAsync(log, name, manifest.Tenant, origin, keys, options, cancellationToken).ConfigureAwait(false);
            else
                _tally.Find(VerificationCode.BytesChanged, log.Name, TenantManifest.Path, "The manifest names a log that this deployment cannot have.");
        }

        foreach (var (log, index, decision) in _outcomes.Where(o => !_decisions.Contains(o.Decision)))
            _tally.Find(VerificationCode.Missing, log, $"events/{index}", $"The decision {decision}, whose outcome this is, is not in the export.");
        if (options.Policy is not null && _witnessed == 0 && _tally.Code == VerificationCode.Sound)
            _tally.Find(VerificationCode.Unwitnessed, origin.SuperLog, null, "No cosigned checkpoint of these sizes meets the policy: nobody else vouches for this history.");
    }

    private async Task<List<KeyChange>> ChangesAsync(LogOrigin origin, CancellationToken cancellationToken)
    {
        var changes = new List<KeyChange>();
        await foreach (var (leaf, note) in KeyChangeFiles.ReadAsync(export, origin, cancellationToken).ConfigureAwait(false))
        {
            if (KeyChange.TryOpen(note, origin.Of(origin.SuperLog), out var change))
                changes.Add(change);
            else
                _tally.Find(VerificationCode.Signature, origin.SuperLog, $"keys/{leaf}", "A change of the key that both keys have not signed.");
        }

        return changes;
    }

    /// <summary>Files that no export has.</summary>
    private async Task StrangersAsync(TenantManifest manifest, LogOrigin origin, CancellationToken cancellationToken)
    {
        var logs = manifest.Logs.Select(static l => l.Name).ToHashSet(StringComparer.Ordinal);
        await foreach (var path in export.PathsAsync("", cancellationToken).ConfigureAwait(false))
        {
            var isChange = path.Split('/') is [var super, "keys", var leaf] && super == origin.SuperLog && Checkpoint.TrySize(leaf, out _);
            if (path != TenantManifest.Path && !isChange && !(path.Split('/') is [var log, "events", var file] && logs.Contains(log) && TryIndex(file, out _)))
                _tally.Find(VerificationCode.BytesChanged, "", path, "A file that a tenant's export does not have.");
        }
    }

    private async Task LogAsync(TenantManifest.Log log, LogName name, string tenant, LogOrigin origin, LogKeys keys, EvidenceOptions options, CancellationToken cancellationToken)
    {
        var indices = new SortedSet<long>();
        await foreach (var path in export.PathsAsync($"{log.Name}/events", cancellationToken).ConfigureAwait(false))
        {
            if (TryIndex(path[(path.LastIndexOf('/') + 1)..], out var index))
                indices.Add(index);
        }

        if (indices.Count != log.Events)
        {
            _tally.Find(
                indices.Count < log.Events ? VerificationCode.Missing : VerificationCode.BytesChanged, log.Name, null,
                $"The manifest has {log.Events} events of this log and {indices.Count} are here.");
        }

        // Another epoch may have a source's events again: its stream was rewound.
        _sources.Clear();
        SignedCheckpoint? signed = null;
        var known = keys.For(origin.Of(log.Name));
        foreach (var index in indices)
        {
            _tally.CountRow();
            var bytes = await export.ReadAsync(TenantManifest.PathOf(log.Name, index), TlogProof.MaxBytes, cancellationToken).ConfigureAwait(false) ?? [];
            if (!TlogProof.TryParse(bytes, out var proof) || proof.Extra is not { } leaf)
            {
                Find(VerificationCode.BytesChanged, log.Name, index, "It is no proof with an event (C2SP tlog-proof).");
            }
            else if (proof.Index != index)
            {
                Find(VerificationCode.ReorderedOrDuplicated, log.Name, index, $"The proof of leaf {proof.Index} stands here.");
            }
            else if (!SignedCheckpoint.TryOpen(proof.Checkpoint.Span, origin.Of(log.Name), known, out var opened))
            {
                Find(VerificationCode.Signature, log.Name, index, "Its checkpoint is not one of this log that its key has signed.");
            }
            else if (opened.Size != log.Size || (signed is not null && opened.Checkpoint != signed.Checkpoint)
                || !MerkleProof.VerifyInclusion(index, opened.Size, MerkleHash.OfLeaf(leaf.Span), proof.Path, opened.Checkpoint.Root))
            {
                Find(VerificationCode.BytesChanged, log.Name, index, "The event does not lead to the checkpoint that the manifest names.");
            }
            else
            {
                signed = opened;
                _proved++;
                Followed(opened, known, origin, options);
                if (Take(name, index, leaf, tenant) is { } read && options.Observer is { } observer)
                    await observer.SeeAsync(read, cancellationToken).ConfigureAwait(false);
            }
        }

        if (signed is not null)
        {
            _tally.Logs.Add(new VerifiedLog(name, signed.Size, signed.Checkpoint.Root, false));
            Witnesses(signed, options);
        }
    }

    /// <summary>Whoever stole a key could have handed it over, so what signs must be pinned, or is told, once.</summary>
    private void Followed(SignedCheckpoint opened, IReadOnlyList<VerifierKey> known, LogOrigin origin, EvidenceOptions options)
    {
        if (!opened.Note.TryVerify(known, out var signers))
            return;
        var super = origin.Of(origin.SuperLog);
        foreach (var key in signers.Select(k => k.Named(super)).Where(k => !options.Pinned.Any(p => p.Named(super).Equals(k))))
        {
            if (_followed.Add(key))
                _tally.Find(VerificationCode.Signature, opened.Checkpoint.Origin, null, $"It is signed by {key}, to which the log's key was changed and which is not pinned. If the operator confirms that key by another way, pin it too.");
        }
    }

    private ReadEvent? Take(LogName name, long index, ReadOnlyMemory<byte> leaf, string tenant)
    {
        var log = name.ToString();
        var facts = LeafFacts.Of(new EventRow(index, 0, leaf.ToArray()));
        if (facts.Envelope is not { } e || EventReader.Read(leaf.Span, out _) is not { } read)
        {
            Find(VerificationCode.BytesChanged, log, index, "It is no event.");
            return null;
        }

        _tally.Count(name, facts, e);
        if (read.Event is OutcomeEvent { CorrelationId: { } decision })
            _outcomes.Add((log, index, decision));
        else if (Tenancy.Of(read.Event) != tenant)
            Find(VerificationCode.BytesChanged, log, index, "The event is not this tenant's.");
        if (read.Event is DecisionEvent)
            _decisions.Add(e.Id);
        if (!_sources.TryGetValue(e.Source, out var last))
            _tally.Sources++;
        else if (e.Number <= last.Number)
            Find(VerificationCode.ReorderedOrDuplicated, log, index, $"Source {e.Source} has its event {e.Number} again, or late.");
        else if (e.Number == last.Number + 1 && e.Previous != last.Hash)
            Find(VerificationCode.BytesChanged, log, index, $"Event {e.Number} of source {e.Source} does not name the hash of the one before.");
        _sources[e.Source] = (e.Number, facts.Hash);
        return read;
    }

    private void Witnesses(SignedCheckpoint signed, EvidenceOptions options)
    {
        foreach (var bytes in options.Witnessed)
        {
            if (options.Policy is not { } policy || !SignedNote.TryParse(bytes.Span, out var note) || !policy.IsMetBy(note)
                || !Checkpoint.TryParse(note.Text.Span, out var seen) || seen.Origin != signed.Checkpoint.Origin || seen.Size != signed.Size)
            {
                continue;
            }

            if (seen.Root == signed.Checkpoint.Root)
                _witnessed++;
            else
                _tally.Find(VerificationCode.RewriteAgainstWitness, seen.Origin, null, $"A witness has seen another root at size {seen.Size}: this history was rewritten.");
        }
    }

    private static bool TryIndex(string file, out long index)
    {
        index = 0;
        return file.EndsWith(TenantManifest.Suffix, StringComparison.Ordinal) && Checkpoint.TrySize(file[..^TenantManifest.Suffix.Length], out index);
    }

    private void Find(VerificationCode code, string log, long index, string message) => _tally.Find(code, log, $"events/{index}", message);
}
