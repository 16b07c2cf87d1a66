namespace Proofgate.Inference.Relay;

/// <summary>Cancels when an upstream has been silent for too long. Time that the client takes to read does not count.</summary>
internal sealed class Silence : IDisposable
{
    private readonly CancellationTokenSource _expired = new();
    private readonly CancellationTokenSource _either;
    private readonly TimeSpan _limit;
    private readonly ITimer _timer;

    internal Silence(TimeSpan limit, TimeProvider time, CancellationToken stopped)
    {
        _limit = limit;
        _either = CancellationTokenSource.CreateLinkedTokenSource(stopped, _expired.Token);
        _timer = time.CreateTimer(static s => ((CancellationTokenSource)s!).Cancel(), _expired, limit, Timeout.InfiniteTimeSpan);
    }

    internal CancellationToken Token => _either.Token;

    internal bool Expired => _expired.IsCancellationRequested;

    internal void Heard() => _timer.Change(_limit, Timeout.InfiniteTimeSpan);

    /// <summary>Stops the clock while the client, not the upstream, is waited for.</summary>
    internal void Pause() => _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _timer.Dispose();
        _either.Dispose();
        _expired.Dispose();
    }
}
