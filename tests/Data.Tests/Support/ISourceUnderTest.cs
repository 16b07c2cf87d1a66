namespace Proofgate.Data.Tests.Support;

/// <summary>A source that a test can fill anew.</summary>
internal interface ISourceUnderTest
{
    (string Key, string? Value)[] Settings { get; }

    /// <summary>A bundle's manifest with its dataset, <c>people</c>.</summary>
    string Manifest(string limits);

    /// <summary>The row as this source can hold it, with the columns that only it has.</summary>
    RawRow Possible(RawRow row);

    Task FillAsync(IReadOnlyList<RawRow> rows);
}
