namespace Proofgate.Audit.Streaming;

/// <summary>Bytes that all partitions together may take.</summary>
internal sealed class DiskBudget(long limit, string path)
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

    internal void Count(long bytes) => Interlocked.Add(ref _used, bytes);

    internal AuditUnavailableException Full() => new(
        $"The embedded audit stream in {path} is full: {Used} of {limit} bytes are used. Records leave it when the ledger has them and "
        + $"{AuditOptions.Section}:{nameof(AuditOptions.Retention)} has passed; raise {AuditOptions.Section}:{nameof(AuditOptions.MaxDiskBytes)} to go on.");
}
