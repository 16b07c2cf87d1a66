namespace Proofgate.Data.Querying;

/// <summary>How large a query may be. They are the language's, not a deployment's: no honest query comes near.</summary>
public static class QueryLimits
{
    /// <summary>Bytes of a body.</summary>
    public const int Bytes = 256 * 1024;

    /// <summary>Conditions inside conditions.</summary>
    public const int Depth = 16;

    /// <summary>Conditions together.</summary>
    public const int Conditions = 200;

    /// <summary>Values of all conditions together, those of lists too.</summary>
    public const int Values = 1000;

    /// <summary>Characters of a value.</summary>
    public const int ValueLength = 4096;

    /// <summary>Columns selected.</summary>
    public const int Columns = 200;

    /// <summary>Columns to order by, and to group by.</summary>
    public const int Orders = 8;

    public const int Aggregates = 16;

    /// <summary>Characters of a cursor.</summary>
    public const int CursorLength = 32 * 1024;

    /// <summary>Rows where the query says nothing.</summary>
    public const int DefaultRows = 100;
}
