using Proofgate.Identity;

namespace Proofgate.Enforcement;

/// <summary>
/// Whether an admitted call may still go on: its credential holds, and policy, asked again each time that its answer may be relied on no longer,
/// still allows it. An open stream does not outlive the working hours under which it began.
/// </summary>
internal sealed class Standing : IDisposable
{
    // A timer cannot wait longer; and then it looks again.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly ICallerWatch _watch;
    private readonly Func<DateTimeOffset?> _askAgain;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ended;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private DateTimeOffset _until;
    private bool _disposed;
    private volatile bool _refused;

    /// <param name="watch">The credential's; disposed with this.</param>
    /// <param name="until">Until when the decision may be relied on.</param>
    /// <param name="askAgain">Decides again, now: the new time, or null if the call is not allowed any more.</param>
    /// <param name="time">The clock.</param>
    internal Standing(ICallerWatch watch, DateTimeOffset until, Func<DateTimeOffset?> askAgain, TimeProvider time)
    {
        (_watch, _until, _askAgain, _time) = (watch, until, askAgain, time);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(watch.Ended);
        _timer = time.CreateTimer(static s => ((Standing)s!).Look(), this, Wait(), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Fires when nothing more may be released.</summary>
    internal CancellationToken Ended => _ended.Token;

    /// <summary>Whether policy ended it, and not the credential.</summary>
    internal bool RefusedByPolicy => _refused;

    public void Dispose()
    {
        lock (_gate)
        {
            // A call that was replaced is disposed by whoever replaced it, and perhaps by whoever had it.
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        _timer.Dispose();
        _ended.Dispose();
        _watch.Dispose();
    }

    private void Look()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            if (_time.GetUtcNow() < _until || Renewed())
            {
                _timer.Change(Wait(), Timeout.InfiniteTimeSpan);
                return;
            }

            _refused = true;
        }

        try
        {
            _ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call ended just now.
        }
    }

    private bool Renewed()
    {
        try
        {
            if (_askAgain() is not { } until)
            {
                return false;
            }

            _until = until;
            return true;
        }
        catch (Exception)
        {
            // Whatever keeps policy from being asked: without an answer the call ends.
            return false;
        }
    }

    private TimeSpan Wait()
    {
        var left = _until - _time.GetUtcNow();
        return left <= TimeSpan.Zero ? TimeSpan.Zero : left < Longest ? left : Longest;
    }
}
