namespace Proofgate.Audit;

/// <summary>
/// One stored row with every column it has, so that a verifier sees what it did not expect too.
/// Values are <see cref="long"/>, <see cref="string"/> or <c>byte[]</c> (at most 64 KiB); the service's own Timestamp and ETag are left out.
/// </summary>
public sealed record LedgerRow(string PartitionKey, string RowKey, IReadOnlyDictionary<string, object> Columns);
