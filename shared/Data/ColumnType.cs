namespace Proofgate.Data;

/// <summary>What values a column has. A value of another type makes its row one that does not exist.</summary>
public enum ColumnType
{
    /// <summary>A short value: a code, a name. It can be compared, and is shown as it is unless it is of a kind.</summary>
    String,

    /// <summary>Prose. What detectors find in it is redacted, and whoever may not see all of that can compare none of it.</summary>
    Text,

    /// <summary>A signed 64-bit integer.</summary>
    Integer,

    /// <summary>A finite IEEE 754 double.</summary>
    Number,

    Boolean,

    /// <summary>A moment to the millisecond, from year 1 to 9999.</summary>
    Datetime,
}
