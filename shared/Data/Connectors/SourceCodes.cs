namespace Proofgate.Data.Connectors;

/// <summary>Codes of what a source said that is more than a failure.</summary>
internal static class SourceCodes
{
    internal const string NoSuchTable = "no_such_table";

    /// <summary>A sum that has no 64-bit integer.</summary>
    internal const string Overflow = "aggregate_overflow";

    /// <summary>More rows would have to be decided one by one than the limit allows.</summary>
    internal const string TooManyRows = "too_many_rows_to_evaluate";
}
