namespace Proofgate.Local.Hub;

/// <summary>Bytes of messages that the broker holds for its clients before they are on disk.</summary>
internal sealed class MemoryBudget(long limit)
{
    private long _used;

    internal long Used => Interlocked.Read(ref _used);

    internal bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= limit)
            return true;
        Interlocked.Add(ref _used, -bytes);
        return false;
    }

    internal void Return(long bytes) => Interlocked.Add(ref _used, -bytes);
}
