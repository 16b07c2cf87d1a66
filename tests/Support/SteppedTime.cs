using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Proofgate.Support;

/// <summary>A clock that tells when somebody has begun to wait for it, so that no test has to sleep, nor to guess whether anybody waits yet.</summary>
public sealed class SteppedTime() : FakeTimeProvider(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero))
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (period == Timeout.InfiniteTimeSpan)
        {
            _waits.Writer.TryWrite(dueTime);
        }

        return timer;
    }

    /// <summary>Waits until somebody waits for this long.</summary>
    public async Task WaitedForAsync(TimeSpan time)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await _waits.Reader.ReadAsync(deadline.Token) != time)
        {
        }
    }

    /// <summary>
    /// Moves on by each wait of at most <paramref name="longest"/> as it begins, until the task has ended. Longer waits are time limits, which
    /// are let run: time passes no faster than the work that waits for it, however slow the machine is.
    /// </summary>
    public async Task DriveAsync(Task task, TimeSpan longest)
    {
        using var ended = new CancellationTokenSource();
        _ = task.ContinueWith(_ => ended.Cancel(), TaskScheduler.Default);
        try
        {
            while (true)
            {
                var wait = await _waits.Reader.ReadAsync(ended.Token);
                if (wait <= longest)
                {
                    Advance(wait);
                }
            }
        }
        catch (OperationCanceledException) when (task.IsCompleted)
        {
            await task;
        }
    }
}
