using Microsoft.Extensions.Logging;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Tiles;

namespace Proofgate.Audit.Checkpoints;

/// <summary>
/// Brings the evidence up to the ledger: tiles, bundles and a signed checkpoint for every log that has grown, and a leaf of the super-log a minute.
/// A pass that fails or is killed loses nothing: the next one derives what is missing.
/// </summary>
public sealed class CheckpointWriter(
    ILedgerTable table, IEvidenceStore store, ILogSigner signer, LogOrigin origin, TimeProvider time, ILogger<CheckpointWriter> log, FormerLogKey? former = null)
    : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly SignedRows _signedRows = new(table);
    private readonly Dictionary<string, SignedCheckpoint> _signed = new(StringComparer.Ordinal);
    private bool _handedOver;
    private volatile StrongBox _health = new(new CheckpointHealth(true, false, "nothing was signed yet"));

    public CheckpointHealth Health => _health.Value;

    /// <summary>
    /// The keys under the super-log's name, which an auditor pins: the one that signs, and then those that did before.
    /// </summary>
    /// <exception cref="EvidenceUnavailableException">The evidence, or who keeps the key, cannot be reached.</exception>
    public async Task<IReadOnlyList<VerifierKey>> KeysAsync(CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        var superLog = new SuperLog(store, _signedRows, origin);
        IEnumerable<ILogSigner> signers = former is null ? [signer] : [signer, former.Signer];
        return new LogKeys(signers.Select(s => s.KeyFor(superLog.Origin)), await superLog.ChangesAsync(cancellationToken).ConfigureAwait(false)).For(superLog.Origin);
    }

    /// <summary>One pass over all logs. What goes wrong is logged and in <see cref="Health"/>; it throws only when cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Report(await PassAsync(cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Hands over to <paramref name="next"/>: a super-log leaf that both keys sign. A writer with the new key goes on.</summary>
    /// <exception cref="EvidenceDamagedException">The super-log is not one of this key's.</exception>
    public async Task ChangeKeyAsync(ILogSigner next, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await HandOverAsync(signer, next, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<CheckpointHealth> PassAsync(CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        try
        {
            await OpenAsync(cancellationToken).ConfigureAwait(false);
            if (former is not null && !_handedOver)
            {
                await HandOverAsync(former.Signer, signer, cancellationToken).ConfigureAwait(false);
                _handedOver = true;
            }

            var superLog = new SuperLog(store, _signedRows, origin);
            var keys = await KeysAsync(superLog, cancellationToken).ConfigureAwait(false);
            var heads = new SortedDictionary<int, LogHead>();
            // Listed before any head is read: who sees an epoch then sees the one before it closed.
            foreach (var name in await LogsAsync(cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false))
            {
                try
                {
                    if (await SignAsync(name, keys, cancellationToken).ConfigureAwait(false) is { } signed)
                        heads[name.Partition] = new LogHead(name.ToString(), signed.Size, signed.Checkpoint.Root);
                }
                catch (Exception e) when (e is EvidenceDamagedException or LedgerDamagedException)
                {
                    problems.Add(e.Message);
                    if (_signed.TryGetValue(name.ToString(), out var last))
                        heads[name.Partition] = new LogHead(name.ToString(), last.Size, last.Checkpoint.Root);
                }
            }

            if (heads.Count > 0)
                await superLog.BeatAsync(new HeadsLeaf(time.GetUtcNow(), [.. heads.Values]), signer, keys.For(superLog.Origin), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is EvidenceUnavailableException or LedgerUnavailableException && !cancellationToken.IsCancellationRequested)
        {
            return new CheckpointHealth(false, problems.Count > 0, problems.Count > 0 ? problems[0] : $"{e.Message} It is tried again.");
        }
        catch (EvidenceDamagedException e)
        {
            problems.Add(e.Message);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // A vault that refuses, a key that is wrong: nothing is signed, and whoever asks is told so.
            return new CheckpointHealth(false, false, $"The logs cannot be signed: {e.Message}");
        }

        return problems.Count > 0 ? new CheckpointHealth(false, true, problems[0]) : new CheckpointHealth(true, false, null);
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        await signer.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (former is not null)
            await former.Signer.OpenAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Once for each pair of keys, however often it is asked for.</summary>
    private async Task HandOverAsync(ILogSigner old, ILogSigner next, CancellationToken cancellationToken)
    {
        await old.OpenAsync(cancellationToken).ConfigureAwait(false);
        await next.OpenAsync(cancellationToken).ConfigureAwait(false);
        var superLog = new SuperLog(store, _signedRows, origin);
        var (from, to) = (old.KeyFor(superLog.Origin), next.KeyFor(superLog.Origin));
        var changes = await superLog.ChangesAsync(cancellationToken).ConfigureAwait(false);
        if (LatestOf(changes, from) is { } change && change.Old.Equals(from))
        {
            if (change.New.Equals(to))
                return;
            throw SuperLog.Retired(change);
        }

        if (await superLog.ChangeKeyAsync(time.GetUtcNow(), old, next, cancellationToken).ConfigureAwait(false))
            log.KeyHandedOver(superLog.Origin, from.ToString(), to.ToString());
    }

    private async Task<SignedCheckpoint?> SignAsync(LogName name, LogKeys keys, CancellationToken cancellationToken)
    {
        var partition = name.ToString();
        if (await LogStateReader.HeadAsync(table, partition, cancellationToken).ConfigureAwait(false) is not { } head)
        {
            // A table that was emptied has no head; what was signed of it is missing.
            var before = _signed.GetValueOrDefault(partition)?.Size ?? (await _signedRows.NewestAsync(partition, hasRoot: true, cancellationToken).ConfigureAwait(false))?.Size;
            return before is { } size
                ? throw new EvidenceDamagedException($"{partition} is empty and {size} leaves are signed. Nothing is signed until they are there again.")
                : null;
        }

        if (_signed.TryGetValue(partition, out var last) && last.Size == head.Size && last.Checkpoint.Root == head.Root)
            return last;
        var notary = new LogNotary(store, partition, origin.Of(partition), new TableLeaves(table, name));
        var known = await _signedRows.NewestAsync(partition, hasRoot: true, cancellationToken).ConfigureAwait(false);
        var signed = await notary.SignAsync(
            head.Size, head.Root, known, size => log.EvidenceRestored(partition, size), signer, keys.For(origin.Of(partition)), cancellationToken).ConfigureAwait(false);
        await _signedRows.RecordAsync(partition, signed.Size, signed.Checkpoint.Root, cancellationToken).ConfigureAwait(false);
        _signed[partition] = signed;
        return signed;
    }

    /// <exception cref="EvidenceDamagedException">The key was handed over to another one: a writer that was left behind must not go on.</exception>
    private async Task<LogKeys> KeysAsync(SuperLog superLog, CancellationToken cancellationToken)
    {
        var changes = await superLog.ChangesAsync(cancellationToken).ConfigureAwait(false);
        var key = signer.KeyFor(superLog.Origin);
        return LatestOf(changes, key) is { } change && change.Old.Equals(key) ? throw SuperLog.Retired(change) : new LogKeys([key], changes);
    }

    private static KeyChange? LatestOf(IReadOnlyList<KeyChange> changes, VerifierKey key) => changes.LastOrDefault(c => c.Old.Equals(key) || c.New.Equals(key));

    /// <summary>The hub's logs: those of the table, and those that were signed and are not in it any more.</summary>
    private async IAsyncEnumerable<LogName> LogsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var missing = new SortedSet<string>(_signed.Keys, StringComparer.Ordinal);
        await foreach (var key in HubLogs.ReadAsync(table, origin, cancellationToken).ConfigureAwait(false))
        {
            if (LogName.TryParse(key, out var name))
            {
                missing.Remove(key);
                yield return name;
            }
        }

        foreach (var key in missing)
        {
            if (LogName.TryParse(key, out var name))
                yield return name;
        }
    }

    private void Report(CheckpointHealth health)
    {
        var before = _health.Value;
        _health = new StrongBox(health);
        Measures.Passes.Add(1, new KeyValuePair<string, object?>("result", health.Alarm ? "alarm" : health.Healthy ? "signed" : "failed"));
        if (health.Detail == before.Detail)
            return;
        if (health.Alarm)
            log.EvidenceAlarm(health.Detail!);
        else if (!health.Healthy)
            log.EvidenceUnavailable(health.Detail!);
        else
            log.EvidenceSigned(origin.Hub);
    }

    /// <summary>A value that another thread reads whole.</summary>
    private sealed record StrongBox(CheckpointHealth Value);
}
