namespace Proofgate.Audit.Ledger;

/// <summary>Reads the columns of one row and remembers the first thing that is wrong, left-over columns included.</summary>
internal sealed class ColumnReader(LedgerRow row)
{
    private int _read;
    private string? _problem;

    internal string? Problem => _problem ?? (_read == row.Columns.Count ? null : "it has a column that is never written");

    internal void Fail(string problem) => _problem ??= problem;

    internal long Number(string name) => Take<long>(name);

    internal byte[] Bytes(string name) => Take<byte[]>(name) ?? [];

    internal byte[] OptionalBytes(string name)
    {
        if (!row.Columns.ContainsKey(name))
            return [];
        var bytes = Bytes(name);
        if (bytes.Length == 0)
            Fail($"column {name} is empty");
        return bytes;
    }

    internal MerkleHash Hash(string name)
    {
        var bytes = Bytes(name);
        if (bytes.Length == MerkleHash.Size)
            return new MerkleHash(bytes);
        Fail($"column {name} is not a hash");
        return default;
    }

    /// <summary>A value that may be split over columns, or be absent.</summary>
    internal byte[] Joined(char prefix)
    {
        if (!row.Columns.ContainsKey($"{prefix}0"))
            return [];
        if (!LedgerColumns.TryJoin(row.Columns, prefix, out var bytes, out var pieces))
            Fail($"its {prefix} columns do not fit together");
        _read += pieces;
        return bytes;
    }

    private T? Take<T>(string name)
    {
        if (row.Columns.TryGetValue(name, out var value) && value is T typed)
        {
            _read++;
            return typed;
        }

        Fail(value is null ? $"column {name} is missing" : $"column {name} has another type");
        return default;
    }
}
