namespace Proofgate.Data.Tests.Support;

/// <summary>A source that a test can fill anew.</summary>
internal interface ISourceUnderTest
{
    string Connector { get; }

    /// <summary>Whether a column can hold what is not of its type.</summary>
    bool CanBePoisoned { get; }

    (string Key, string? Value)[] Settings { get; }

    Task FillAsync(IReadOnlyList<RawRow> rows);
}
