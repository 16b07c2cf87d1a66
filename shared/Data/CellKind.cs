namespace Proofgate.Data;

/// <summary>What a <see cref="Cell"/> holds.</summary>
public enum CellKind
{
    Null,
    Text,
    Integer,
    Number,
    Boolean,
    Datetime,
}
