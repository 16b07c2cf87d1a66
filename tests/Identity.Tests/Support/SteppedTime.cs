using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Proofgate.Identity.Tests.Support;

/// <summary>A clock that tells when somebody has begun to wait for it, so that no test has to sleep.</summary>
internal sealed class SteppedTime() : FakeTimeProvider(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero))
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
}
