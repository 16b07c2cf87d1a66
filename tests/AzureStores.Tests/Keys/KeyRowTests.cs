using Azure.Data.Tables;
using Proofgate.AzureStores.Keys;

namespace Proofgate.AzureStores.Tests.Keys;

/// <summary>A stored key that is not as written grants nothing.</summary>
public sealed class KeyRowTests
{
    private static readonly string[] Optional = ["Purpose", "MaxLabel", "RequestsPerMinute", "TokensPerDay", "Thumbprint", "Expires", "Revoked", "Predecessor", "Successor"];

    public static TheoryData<string, object> Wrong { get; } = new()
    {
        { "Digest", new byte[31] },
        { "Digest", "text" },
        { "PepperVersion", -1L },
        { "PepperVersion", 1L + int.MaxValue },
        { "PepperVersion", 1 },
        { "Clearance", "3" },
        { "MaxLabel", 1.5 },
        { "RequestsPerMinute", -1L },
        { "Name", 1L },
        { "OwnerKind", "Robot" },
        { "OwnerKind", "0" },
        { "State", "active" },
        { "State", "" },
        { "Roles", "admin" },
        { "Roles", "{}" },
        { "Roles", "[1]" },
        { "Roles", "[null]" },
        { "Networks", """["10.0.0.0/33"]""" },
        { "Networks", """["anywhere"]""" },
        { "NotBefore", "2026-03-01" },
        { "Expires", "never" },
        { "Expires", "2026-03-01T12:30:15.1230000+02:00" },
        { "Successor", "short" },
        { "LastUsed", "2026-03-01" },
        { "ActionsDenied", "[]" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Row_IsRefusedByName_WhenAColumnIsWrong(string column, object value)
    {
        var row = KeyRow.From("keys", Records.Full());

        // The indexer of a row converts to the type that stands there.
        row.Remove(column);
        row.Add(column, value);
        var error = Assert.Throws<MalformedRowException>(() => KeyRow.Read("ProofgateKeys", row));
        Assert.Equal(("ProofgateKeys", "keys", row.RowKey), (error.Table, error.PartitionKey, error.RowKey));
        Assert.Contains(column, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Row_IsRefusedByName_WhenARequiredColumnIsMissing()
    {
        var columns = KeyRow.From("keys", Records.Full()).Keys.Except(["PartitionKey", "RowKey", "odata.etag", "Timestamp"]).ToList();
        Assert.Equal(26, columns.Count);
        foreach (var column in columns)
        {
            var row = KeyRow.From("keys", Records.Full());
            row.Remove(column);
            if (Optional.Contains(column))
                KeyRow.Read("ProofgateKeys", row);
            else
                Assert.Contains($"'{column}'", Assert.Throws<MalformedRowException>(() => KeyRow.Read("ProofgateKeys", row)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("k-")]
    [InlineData("k-1234567")]
    [InlineData("k-123456_8")]
    [InlineData("x-12345678")]
    public void Row_IsRefused_WhenItsKeyNamesNoApiKey(string rowKey)
    {
        var row = new TableEntity(KeyRow.From("keys", Records.Minimal())) { RowKey = rowKey };
        Assert.Throws<MalformedRowException>(() => KeyRow.Read("ProofgateKeys", row));
    }

    [Fact]
    public void Refusal_NeverShowsAValue()
    {
        var row = KeyRow.From("keys", Records.Full());
        row["State"] = "hidden-value";
        Assert.DoesNotContain("hidden-value", Assert.Throws<MalformedRowException>(() => KeyRow.Read("ProofgateKeys", row)).ToString(), StringComparison.Ordinal);
    }
}
