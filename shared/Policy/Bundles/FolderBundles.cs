using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Proofgate.Policy.Bundles;

/// <summary>
/// Serves the bundle of a folder and takes a changed one when all of it is sound; else the last good one stays and the state says why.
/// A bundle decides nothing before its activation is recorded.
/// </summary>
internal sealed class FolderBundles(
    BundleLoader loader, IActivationRecorder recorder, IOptions<PolicyOptions> options, TimeProvider time, ILogger<FolderBundles> log,
    IEnumerable<IBundleProbe>? probes = null)
    : BackgroundService, IBundleSource
{
    private ActiveBundle? _active;
    private IReadOnlyList<string> _rejected = [];

    /// <summary>Digest of the files that were looked at last and are settled: taken, or refused for good.</summary>
    private string? _settled;

    public BundleState State
    {
        get
        {
            var active = Volatile.Read(ref _active);
            return new BundleState(active?.Bundle.Digest, Volatile.Read(ref _rejected)) { Name = active?.Bundle.Name, Since = active?.Since };
        }
    }

    public bool TryGet([NotNullWhen(true)] out PolicyBundle? bundle)
    {
        bundle = Volatile.Read(ref _active)?.Bundle;
        return bundle is not null;
    }

    /// <summary>
    /// A bundle that is not sound stops the start: a host that can never decide must not look as if it ran. An audit stream that is away does not:
    /// it comes back, and until then every call is answered 503.
    /// </summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await LookAsync(cancellationToken) && _active is null)
        {
            throw new InvalidOperationException(
                $"The policy bundle in '{options.Value.Folder}' cannot be used:{Environment.NewLine}  {string.Join(Environment.NewLine + "  ", _rejected)}");
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ReloadInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await LookAsync(stoppingToken);
        }
    }

    /// <summary>Looks once for a changed bundle; what fails is told, and tried again at the next look.</summary>
    /// <returns>False if a sound bundle could not be activated.</returns>
    internal async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReloadAsync(cancellationToken);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.BundleReloadFailed(e);
            Volatile.Write(ref _rejected, ["The bundle is sound, but its activation could not be recorded. It is tried again."]);
            return false;
        }
    }

    private async Task ReloadAsync(CancellationToken cancellationToken)
    {
        var (files, problem) = Read();
        if (files is null)
        {
            Reject([problem!]);
            return;
        }

        var digest = BundleLoader.Digest(files);
        if (digest == _settled)
        {
            return;
        }

        switch (loader.Load(files))
        {
            case BundleLoad.Rejected rejected:
                Reject(rejected.Problems);
                break;
            case BundleLoad.Loaded { Bundle: var bundle } when digest != _active?.Bundle.Digest:
                if (await Probes.AskAsync(probes, bundle, cancellationToken) is { Count: > 0 } found)
                {
                    // Not for good: what it speaks of may come to be as it says.
                    Reject(found);
                    return;
                }

                await recorder.RecordAsync(PolicyAct.Activated, bundle.Digest, _active?.Bundle.Digest, cancellationToken);
                Volatile.Write(ref _active, new ActiveBundle(bundle, null, time.GetUtcNow()));
                Volatile.Write(ref _rejected, []);
                log.BundleActivated(bundle.Name, bundle.Digest, bundle.Policies.Policies.Count);
                break;
            default:
                Volatile.Write(ref _rejected, []);
                break;
        }

        _settled = digest;
    }

    private (IReadOnlyDictionary<string, byte[]>? Files, string? Problem) Read()
    {
        try
        {
            return BundleFolder.TryRead(options.Value.Folder!, out var files, out var problem) ? (files, null) : (null, problem);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file that is just being written: the next look finds it whole.
            return (null, e.Message);
        }
    }

    private void Reject(IReadOnlyList<string> problems)
    {
        _settled = null;
        if (!problems.SequenceEqual(_rejected))
        {
            log.BundleRejected(problems.Count, string.Join("; ", problems));
        }

        Volatile.Write(ref _rejected, problems);
    }
}
