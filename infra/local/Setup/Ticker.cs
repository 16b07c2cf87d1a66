namespace Proofgate.Local.Setup;

/// <summary>Reports what is going on each second, once it has taken longer than one.</summary>
internal sealed class Ticker(IProgress<string>? progress, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    internal TimeProvider Time => time;

    internal async Task<T> WhileAsync<T>(string what, Task<T> task)
    {
        if (progress is null)
            return await task.ConfigureAwait(false);
        var started = time.GetTimestamp();
        await using var timer = time.CreateTimer(
            _ => progress.Report(FormattableString.Invariant($"{what}, {time.GetElapsedTime(started).TotalSeconds:0} s")), null, Interval, Interval);
        return await task.ConfigureAwait(false);
    }
}
