using Proofgate.Audit.Promises;

namespace Proofgate.Cli.Ledger;

/// <summary>What <c>audit promise --json</c> prints.</summary>
internal sealed record PromiseDocument
{
    /// <summary><c>kept</c>, <c>not_due</c>, <c>broken</c>, <c>bad_signature</c> or <c>unvouched</c>.</summary>
    public required string Result { get; init; }

    public required int ExitCode { get; init; }

    public required string Storage { get; init; }

    public required string AuditId { get; init; }

    public required string Source { get; init; }

    public required long Number { get; init; }

    /// <summary>The promised record's leaf hash, lower-case hex.</summary>
    public required string Leaf { get; init; }

    public required DateTimeOffset Deadline { get; init; }

    /// <summary>Where it stands: the table's partition key.</summary>
    public string? Log { get; init; }

    public long? Index { get; init; }

    /// <summary>Broken: whether another record stands under this audit id.</summary>
    public bool? OtherRecord { get; init; }

    internal static PromiseDocument Of(AuditPromise promise, PromiseVerdict verdict, int exitCode, LedgerPlace place) => new()
    {
        Result = verdict switch
        {
            PromiseVerdict.Kept => "kept",
            PromiseVerdict.NotDue => "not_due",
            PromiseVerdict.Broken => "broken",
            PromiseVerdict.BadSignature => "bad_signature",
            PromiseVerdict.Unvouched => "unvouched",
            _ => throw new ArgumentOutOfRangeException(nameof(verdict)),
        },
        ExitCode = exitCode,
        Storage = place.Named,
        AuditId = promise.Id.ToString(),
        Source = promise.Source.ToString(),
        Number = promise.Number,
        Leaf = promise.LeafHash.ToString(),
        Deadline = promise.Deadline,
        Log = (verdict as PromiseVerdict.Kept)?.Log.ToString(),
        Index = (verdict as PromiseVerdict.Kept)?.Index,
        OtherRecord = (verdict as PromiseVerdict.Broken)?.OtherRecord,
    };
}
