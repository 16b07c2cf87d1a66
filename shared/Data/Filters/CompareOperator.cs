namespace Proofgate.Data.Filters;

/// <summary>How two values of one type are compared.</summary>
public enum CompareOperator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
