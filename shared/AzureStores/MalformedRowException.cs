namespace Proofgate.AzureStores;

/// <summary>
/// A stored row is not what this version of Proofgate writes: changed by hand, or written by a later version. Nothing of it is used.
/// The message names table, keys and column, never a value.
/// </summary>
public sealed class MalformedRowException(string table, string partitionKey, string rowKey, string problem)
    : Exception($"Row '{rowKey}' of partition '{partitionKey}' in table '{table}' is malformed: {problem}.")
{
    public string Table { get; } = table;

    public string PartitionKey { get; } = partitionKey;

    public string RowKey { get; } = rowKey;
}
