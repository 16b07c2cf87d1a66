using Microsoft.Extensions.Hosting;

namespace Proofgate.Audit.Checkpoints;

/// <summary>Runs the checkpoint writer every second, where no timer of a host does, and once more after the ledger has taken the last events.</summary>
public sealed class CheckpointPump(CheckpointWriter writer, TimeProvider time) : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastPass = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        using var last = new CancellationTokenSource(LastPass, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(last.Token, cancellationToken);
        try
        {
            await writer.RunAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The next start signs what is left.
        }
    }

    public void Dispose() => _stop.Dispose();

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Pace, time);
        try
        {
            do
                await writer.RunAsync(_stop.Token).ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The end of the host.
        }
    }
}
