namespace Proofgate.Data;

/// <summary>What the types of columns have in common.</summary>
internal static class Types
{
    internal static CellKind CellOf(ColumnType type) => type switch
    {
        ColumnType.String or ColumnType.Text => CellKind.Text,
        ColumnType.Integer => CellKind.Integer,
        ColumnType.Number => CellKind.Number,
        ColumnType.Boolean => CellKind.Boolean,
        _ => CellKind.Datetime,
    };
}
