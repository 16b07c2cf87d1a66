namespace Proofgate.Support;

/// <summary>
/// What an action allocates on this thread when it is warm. A test that runs beside it may make the runtime throw away pooled buffers
/// or replace compiled code in the middle of a measurement, which then shows kilobytes once: the least of several is the action's own.
/// </summary>
public static class Allocations
{
    private const int Measurements = 5;

    public static long Of(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        var least = long.MaxValue;
        for (var i = 0; i < Measurements && least > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
