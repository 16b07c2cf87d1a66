using System.Globalization;
using Azure.Data.Tables;
using Proofgate.AzureStores.Rows;
using Proofgate.Policy;

namespace Proofgate.AzureStores.Policies;

/// <summary>A record of activation as a row. The row key falls as the number rises, so that the newest stands first.</summary>
internal static class ActivationRow
{
    internal const string Partition = "policy";

    private const string Prefix = "a";
    private const string BundleColumn = "Bundle";
    private const string ActivationColumn = "Activation";

    /// <summary>All records: 'b' follows 'a'.</summary>
    internal static readonly (string From, string Before) Range = (Prefix, "b");

    internal static string KeyOf(long sequence) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{long.MaxValue - sequence:D19}");

    internal static TableEntity From(StoredActivation record) => new RowWriter(Partition, KeyOf(record.Sequence))
        .Binary(BundleColumn, record.Bundle)
        .Binary(ActivationColumn, record.Activation)
        .Row;

    /// <summary>
    /// Reads what is there, for signatures to judge: a row that is none of ours must not hide those behind it, so it is a record of nothing.
    /// </summary>
    /// <returns>Null if the row key is no number's.</returns>
    internal static StoredActivation? Read(TableEntity row) =>
        row.RowKey.Length == 20 && row.RowKey[0] == Prefix[0]
        && long.TryParse(row.RowKey.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var inverted) && inverted is >= 0 and < long.MaxValue
            ? new StoredActivation(long.MaxValue - inverted, Bytes(row, BundleColumn), Bytes(row, ActivationColumn))
            : null;

    private static byte[] Bytes(TableEntity row, string column) => row.TryGetValue(column, out var value) ? value as byte[] ?? [] : [];
}
