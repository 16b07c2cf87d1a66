using Proofgate.Audit;
using Proofgate.AzureStores.Rows;

namespace Proofgate.AzureStores.Ledger;

/// <summary>
/// What Azure refuses and Azurite accepts, so that the local run cannot hide it: one partition, 100 rows, distinct row keys, 64 KiB a
/// column, 1 MiB a row, 4 MiB a request. Of the request 3.5 MiB are used, counted as it is sent: binary columns are base64 there, so that
/// about 2.6 MiB of bytes fill it.
/// </summary>
internal static class TransactionLimits
{
    internal const int MaxRows = 100;
    internal const int MaxRequestBytes = 7 << 19;

    private const int MaxRowBytes = 1 << 20;
    private const int MaxKeyCharacters = 512;

    /// <summary>Headers, address and punctuation of one row's part of the request, generously.</summary>
    private const int PartBytes = 768;

    /// <summary>Type and punctuation of a column, beside its name, which comes twice.</summary>
    private const int ColumnBytes = 32;

    /// <exception cref="ArgumentException">A limit is not kept: a bug of the caller.</exception>
    internal static void Check(string partitionKey, IReadOnlyList<LedgerRow> rows)
    {
        if (rows.Count is 0 or > MaxRows)
            throw Refused($"has {rows.Count} rows; 1 to {MaxRows} are allowed");
        CheckKey(partitionKey);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (row.PartitionKey != partitionKey)
                throw Refused($"mixes partitions '{partitionKey}' and '{row.PartitionKey}'");
            if (!keys.Add(row.RowKey))
                throw Refused($"holds row '{row.RowKey}' twice");
            CheckKey(row.RowKey);
        }

        var size = SizeAsSent(rows);
        if (size > MaxRequestBytes)
            throw Refused($"takes {size} bytes as sent; {MaxRequestBytes} are allowed");
    }

    /// <summary>Never below the bytes of the request.</summary>
    internal static long SizeAsSent(IEnumerable<LedgerRow> rows) => rows.Sum(static row => PartBytes + SizeAsSent(row));

    private static long SizeAsSent(LedgerRow row)
    {
        long stored = 2 * (row.PartitionKey.Length + row.RowKey.Length);
        long sent = row.PartitionKey.Length + row.RowKey.Length;
        foreach (var (name, value) in row.Columns)
        {
            var (columnStored, columnSent) = value switch
            {
                byte[] bytes => (bytes.Length, (bytes.Length + 2L) / 3 * 4),
                string text => (text.Length * 2, EscapedLength(text)),
                long => (sizeof(long), 22L),
                _ => throw Refused($"has a column '{name}' that is neither number, string nor bytes"),
            };
            if (columnStored > RowWriter.MaxBytes)
                throw Refused($"has a column '{name}' of {columnStored} bytes in row '{row.RowKey}'; {RowWriter.MaxBytes} are allowed");
            stored += columnStored + 2 * name.Length;
            sent += columnSent + ColumnBytes + 2 * name.Length;
        }

        return stored <= MaxRowBytes ? sent : throw Refused($"has a row '{row.RowKey}' of {stored} bytes; {MaxRowBytes} are allowed");
    }

    /// <summary>At most: what JSON may escape takes six bytes.</summary>
    private static long EscapedLength(string text)
    {
        var length = 0L;
        foreach (var c in text)
            length += char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '_' or '.' or ':' or ',' or '/' or '=' ? 1 : 6;
        return length;
    }

    private static void CheckKey(string key)
    {
        if (key.Length is 0 or > MaxKeyCharacters || key.AsSpan().IndexOfAny("/\\#?") >= 0 || key.Any(char.IsControl))
            throw Refused("has a key that is empty, too long, or holds a character that tables do not allow");
    }

    private static ArgumentException Refused(string what) => new(string.Create(null, $"The ledger transaction {what}."));
}
