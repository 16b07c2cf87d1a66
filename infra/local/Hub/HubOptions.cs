namespace Proofgate.Local.Hub;

/// <summary>What the local hub serves, where it keeps it, and its bounds. It binds 127.0.0.1 only.</summary>
public sealed record HubOptions
{
    /// <summary>Made if it is missing; used by one broker at a time. Each hub has a folder in it.</summary>
    public required string DataFolder { get; init; }

    /// <summary>0: a free port. Clients assume 5672 where a connection string names none.</summary>
    public int Port { get; init; }

    public IReadOnlyList<string> Hubs { get; init; } = ["audit"];

    /// <summary>Partitions of a new hub, 1 to 32. An existing one keeps its number.</summary>
    public int Partitions { get; init; } = 2;

    /// <summary>Beside <c>$Default</c>, which every hub has.</summary>
    public IReadOnlyList<string> ConsumerGroups { get; init; } = ["history"];

    /// <summary>How the key is called in connection strings.</summary>
    public string KeyName { get; init; } = "RootManageSharedAccessKey";

    /// <summary>The key that the official emulator has too. It is checked as a real one is, and protects nothing.</summary>
    public string Key { get; init; } = "SAS_KEY_VALUE";

    /// <summary>Bytes that each hub may take on disk. When they are used, sending is refused until records have passed <see cref="Retention"/>.</summary>
    public long MaxDiskBytes { get; init; } = 2L << 30;

    /// <summary>Bytes after which a partition starts a new file: what goes by <see cref="Retention"/> goes by whole files.</summary>
    public long SegmentBytes { get; init; } = 16 << 20;

    /// <summary>How long a full file is kept.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Bytes of one message, batch or event, as the service's standard tier has it.</summary>
    public int MaxMessageBytes { get; init; } = 1 << 20;

    /// <summary>Bytes of messages that have arrived in part, or wait for the disk, over all connections.</summary>
    public long MaxWaitingBytes { get; init; } = 256L << 20;

    public int MaxConnections { get; init; } = 256;

    /// <summary>A client sends something at least this often, or it is gone. It is asked for half of it, and sends empty frames.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(1);
}
