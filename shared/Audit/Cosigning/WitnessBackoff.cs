namespace Proofgate.Audit.Cosigning;

/// <summary>When to ask again what has failed: after twice as long each time, at most five minutes.</summary>
internal sealed class WitnessBackoff(TimeSpan interval, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private int _failures;
    private (long Since, TimeSpan Wait)? _waiting;

    internal bool IsWaiting => _waiting is var (since, wait) && time.GetElapsedTime(since) < wait;

    internal void Failed()
    {
        var wait = interval * Math.Pow(2, Math.Min(_failures++, 30));
        _waiting = (time.GetTimestamp(), wait < Longest ? wait : Longest);
    }

    internal void Succeeded() => (_waiting, _failures) = (null, 0);
}
