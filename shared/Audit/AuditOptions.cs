using Proofgate.Audit.Ledger;

namespace Proofgate.Audit;

/// <summary>Section <c>Proofgate:Audit</c>, and the master key from <c>Proofgate:Secrets:AuditMaster</c>.</summary>
public sealed class AuditOptions
{
    public const string Section = "Proofgate:Audit";

    public const string MasterKeyKey = "Proofgate:Secrets:AuditMaster";

    /// <summary>Base64 of 32 random bytes. Every audit key is derived from it or wrapped under it. Read from <see cref="MasterKeyKey"/>.</summary>
    internal string? MasterKey { get; set; }

    /// <summary>Name of the hub, first part of every ledger partition key: a-z, 0-9 and inner hyphens, at most 50.</summary>
    public string Hub { get; set; } = "audit";

    /// <summary>
    /// What the logs are called in their checkpoints, before each log's own name: the address at which they are served, without the scheme. It never
    /// changes in the life of a deployment: a log under another name is another log.
    /// </summary>
    public string Origin { get; set; } = "localhost/audit/log";

    /// <summary>
    /// How the writer inserts a commit: <see cref="LedgerInsertion.Transaction"/>, or <see cref="LedgerInsertion.RowByRow"/> where storage refuses
    /// transactions to who may only add. Writers of both kinds may follow and even meet each other.
    /// </summary>
    public LedgerInsertion LedgerInsertion { get; set; }

    /// <summary>The operator's tenant: the log's own bundles hold the records of all tenants, and who may manage this tenant's audit log may read them.</summary>
    public string Tenant { get; set; } = "default";

    /// <summary>Events that may wait for a batch. Above it publishing fails at once. A tenth of it is for unauthenticated refusals.</summary>
    public int QueueCapacity { get; set; } = 4096;

    public int MaxBatchEvents { get; set; } = 500;

    /// <summary>Bytes of events in one batch; Event Hubs takes 1 MiB with its own overhead.</summary>
    public int MaxBatchBytes { get; set; } = 768 * 1024;

    /// <summary>How long one attempt to send may take before its result counts as unknown.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a batch is tried before its source is retired and its publishers fail.</summary>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Single events a minute, over all networks and reasons, for unauthenticated refusals. Others are counted.</summary>
    public int RefusalEventsPerMinute { get; set; } = 600;

    /// <summary>Data keys of subjects held in memory.</summary>
    public int SubjectKeyCacheSize { get; set; } = 10_000;

    /// <summary>How long a data key may be used after it was read: the longest that an erased subject's key lives on in a process.</summary>
    public TimeSpan SubjectKeyCacheTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long after an answer its record may be absent from the ledger before its promise is broken. Longer than the ledger is ever behind the
    /// stream, and no longer than the stream keeps its records.
    /// </summary>
    public TimeSpan PromiseTime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Folder of the embedded stream.</summary>
    public string DataPath { get; set; } = Path.Combine(".proofgate", "audit");

    /// <summary>Partitions of a new embedded stream, 1 to 32. An existing one keeps its number.</summary>
    public int Partitions { get; set; } = 2;

    /// <summary>How long the embedded stream keeps records after the ledger has them.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Bytes that the embedded stream may take on disk. When they are used, publishing fails with a clear error.</summary>
    public long MaxDiskBytes { get; set; } = 8L << 30;

    /// <summary>Bytes after which a partition starts a new file.</summary>
    public long SegmentBytes { get; set; } = 64L << 20;

    internal byte[] MasterKeyBytes() => Convert.FromBase64String(MasterKey ?? "");
}
