using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Proofgate.Policy.Signing;

namespace Proofgate.Policy.Bundles;

/// <summary>
/// Serves the bundle of the newest record of activation in the store. Records, signatures and files are checked here, by each instance, whoever wrote them. A
/// record that is not sound leaves the last good bundle in place; a store that is silent for longer than <see cref="PolicyOptions.MaxAge"/> leaves none.
/// </summary>
internal sealed class StoredBundles(
    IBundleStore store, BundleLoader loader, ActivationVerifier verifier, IActivationRecorder recorder, IOptions<PolicyOptions> options, TimeProvider time,
    ILogger<StoredBundles> log, IEnumerable<IBundleProbe>? probes = null) : BackgroundService, IBundleSource
{
    /// <summary>Records that are read at each look: what nobody signed may stand before the newest that counts, and must not hide it.</summary>
    internal const int Window = 16;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private ActiveBundle? _active;
    private RejectedBundle _rejected = RejectedBundle.None;
    private StoredActivation? _notTaken;
    private long _readAt = long.MinValue;
    private bool _failing;

    public BundleState State
    {
        get
        {
            var (active, rejected) = (Volatile.Read(ref _active), Volatile.Read(ref _rejected));
            return new BundleState(active?.Bundle.Digest, rejected.Problems)
            {
                Name = active?.Bundle.Name,
                Since = active?.Since,
                Activation = active?.Activation,
                RejectedDigest = rejected.Digest,
                Fresh = IsFresh,
                Bootstrap = active is { Activation: null },
            };
        }
    }

    private bool IsFresh => Volatile.Read(ref _readAt) is var at && at != long.MinValue && time.GetElapsedTime(at) < options.Value.MaxAge;

    public bool TryGet([NotNullWhen(true)] out PolicyBundle? bundle)
    {
        bundle = IsFresh ? Volatile.Read(ref _active)?.Bundle : null;
        return bundle is not null;
    }

    /// <summary>Waits for the first look, so that a host does not open its door only to answer 503. A store that is away does not stop it.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await LookAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _turn.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(_failing ? RetryDelay : options.Value.ReloadInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stoppingToken.IsCancellationRequested)
            {
                await LookAsync(stoppingToken);
            }
        }
    }

    /// <summary>Looks once for a newer record. What fails is told, and tried again at the next look.</summary>
    /// <returns>False if the store, or the stream that the activation is recorded in, is out of reach.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever fails, looking must go on; silence is what makes calls be refused.")]
    internal async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _turn.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        try
        {
            using var late = new CancellationTokenSource(options.Value.MaxAge, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
            var startedAt = time.GetTimestamp();
            await ReadAsync(either.Token);
            Volatile.Write(ref _readAt, startedAt);
            if (_failing)
            {
                log.PolicyStoreRecovered();
                _failing = false;
            }

            return true;
        }
        catch (Exception e)
        {
            if (!cancellationToken.IsCancellationRequested && !_failing)
            {
                log.PolicyStoreFailed(e);
                _failing = true;
            }

            return false;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var rows = await store.ReadNewestAsync(Window, cancellationToken);
        var running = _active?.Sequence ?? 0;
        if (rows.Count == 0 && _active is null)
        {
            await TakeAsync(BootstrapBundle.Load(loader), null, cancellationToken);
        }

        if (running > 0 && (rows.Count == 0 || rows[0].Sequence < running))
        {
            Reject(new RejectedBundle(null, [$"The store has lost the record {running} of the bundle that decides. The bundle stays."]), null);
            return;
        }

        string? unsound = null;
        foreach (var row in rows.TakeWhile(r => r.Sequence > running))
        {
            switch (verifier.Verify(row))
            {
                case ActivationVerdict.Verified { Activation: var activation }:
                    if (_notTaken is null || !_notTaken.IsSame(row))
                    {
                        await TryTakeAsync(row, activation, cancellationToken);
                    }

                    return;
                case ActivationVerdict.Refused refused:
                    unsound ??= $"Record {row.Sequence}: {refused.Problem}";
                    break;
            }
        }

        Reject(unsound is null ? RejectedBundle.None : new RejectedBundle(null, [unsound]), null);
    }

    private async Task TryTakeAsync(StoredActivation row, Activation activation, CancellationToken cancellationToken)
    {
        if (_active?.Bundle.Digest == activation.Digest)
        {
            Volatile.Write(ref _active, _active with { Activation = activation });
            Reject(RejectedBundle.None, null);
            return;
        }

        switch (await LoadAsync(activation.Digest, cancellationToken))
        {
            case BundleLoad.Loaded { Bundle: var bundle }:
                if (await Probes.AskAsync(probes, bundle, cancellationToken) is { Count: > 0 } found)
                {
                    await NotYetAsync(activation, found, cancellationToken);
                    return;
                }

                await TakeAsync(bundle, activation, cancellationToken);
                Reject(RejectedBundle.None, null);
                break;
            case BundleLoad.Rejected rejected:
                await recorder.RecordAsync(PolicyAct.Rejected, activation.Digest, _active?.Bundle.Digest, cancellationToken);
                Reject(new RejectedBundle(activation.Digest, rejected.Problems), row);
                break;
        }
    }

    /// <summary>What the bundle speaks of may come to be as it says: it is asked about again at each look, and recorded when the answer changes.</summary>
    private async Task NotYetAsync(Activation activation, IReadOnlyList<string> problems, CancellationToken cancellationToken)
    {
        if (!problems.SequenceEqual(_rejected.Problems))
        {
            await recorder.RecordAsync(PolicyAct.Rejected, activation.Digest, _active?.Bundle.Digest, cancellationToken);
        }

        Reject(new RejectedBundle(activation.Digest, problems), null);
    }

    /// <summary>Recorded first: no call is decided by a bundle that the ledger's stream does not know of. Then one write makes it the one that decides.</summary>
    private async Task TakeAsync(PolicyBundle bundle, Activation? activation, CancellationToken cancellationToken)
    {
        var act = activation is { RollsBack: true } ? PolicyAct.RolledBack : PolicyAct.Activated;
        await recorder.RecordAsync(act, bundle.Digest, _active?.Bundle.Digest, cancellationToken);
        Volatile.Write(ref _active, new ActiveBundle(bundle, activation, time.GetUtcNow()));
        log.BundleActivated(bundle.Name, bundle.Digest, bundle.Policies.Policies.Count);
    }

    private async Task<BundleLoad> LoadAsync(string digest, CancellationToken cancellationToken)
    {
        if (await store.FindPackAsync(digest, cancellationToken) is not { } pack)
        {
            return new BundleLoad.Rejected(["The store has no bundle of this digest."]);
        }

        if (!BundlePack.TryRead(pack.Span, out var files, out var problem))
        {
            return new BundleLoad.Rejected([problem]);
        }

        return BundleLoader.Digest(files) == digest ? loader.Load(files) : new BundleLoad.Rejected(["The bundle that is stored under this digest has another one."]);
    }

    private void Reject(RejectedBundle rejected, StoredActivation? row)
    {
        if (rejected.Problems.Count > 0 && !rejected.Problems.SequenceEqual(_rejected.Problems))
        {
            log.BundleRejected(rejected.Problems.Count, string.Join("; ", rejected.Problems));
        }

        _notTaken = row;
        Volatile.Write(ref _rejected, rejected);
    }
}
