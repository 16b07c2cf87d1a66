namespace Proofgate.Audit.Ledger;

/// <summary>An event row: one leaf's bytes and the sequence number that it stands for.</summary>
internal readonly record struct EventRow(long Index, long Sequence, byte[] Body)
{
    internal static LedgerRow ToRow(string partitionKey, long index, long sequence, ReadOnlySpan<byte> body)
    {
        var columns = new Dictionary<string, object>(2) { [LedgerColumns.Sequence] = sequence };
        LedgerColumns.Split(columns, LedgerColumns.Body, body);
        return new LedgerRow(partitionKey, LedgerKeys.Event(index), columns);
    }

    internal static EventRow? Read(LedgerRow row, out string? problem)
    {
        var columns = new ColumnReader(row);
        if (!LedgerKeys.TryEvent(row.RowKey, out var index))
            columns.Fail("its key is malformed");
        if (!row.Columns.ContainsKey("b0"))
            columns.Fail("it has no body");
        var read = new EventRow(index, columns.Number(LedgerColumns.Sequence), columns.Joined(LedgerColumns.Body));
        problem = columns.Problem;
        return problem is null ? read : null;
    }
}
