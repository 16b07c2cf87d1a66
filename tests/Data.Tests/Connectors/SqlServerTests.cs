using Microsoft.Data.SqlClient;
using Proofgate.Data.Connectors.SqlServer;
using Proofgate.Data.Planning;
using Proofgate.Data.Tests.Support;

namespace Proofgate.Data.Tests.Connectors;

/// <summary>SQL Server by the SQL that it is sent.</summary>
public sealed class SqlServerTests
{
    [Theory]
    [InlineData(
        """{"select":["name"],"where":{"op":"eq","column":"name","value":"a' OR 1=1 --"},"limit":5}""",
        "SELECT TOP (6) (s.[name] COLLATE Latin1_General_100_BIN2), CAST(s.[id] AS bigint) FROM [people] AS s WHERE (s.[id] IS NOT NULL) AND (s.[tenant] IS NOT NULL) AND "
        + "((((s.[tenant] COLLATE Latin1_General_100_BIN2) = @p0 AND DATALENGTH(s.[tenant]) = DATALENGTH(@p1))) AND (s.[name] IS NOT NULL AND ((s.[name] COLLATE Latin1_General_100_BIN2) = @p2 AND DATALENGTH(s.[name]) = DATALENGTH(@p3)))) "
        + "ORDER BY CAST(s.[id] AS bigint) ASC")]
    [InlineData(
        """{"select":["id"],"where":{"op":"not","of":{"op":"lt","column":"age","value":30}},"orderBy":[{"column":"age","descending":true}]}""",
        "SELECT TOP (101) CAST(s.[id] AS bigint), CAST(s.[age] AS bigint) FROM [people] AS s WHERE (s.[id] IS NOT NULL) AND (s.[tenant] IS NOT NULL) AND "
        + "((((s.[tenant] COLLATE Latin1_General_100_BIN2) = @p0 AND DATALENGTH(s.[tenant]) = DATALENGTH(@p1))) AND NOT ((s.[age] IS NOT NULL AND CAST(s.[age] AS bigint) < @p2))) "
        + "ORDER BY CAST(s.[age] AS bigint) DESC, CAST(s.[id] AS bigint) ASC")]
    [InlineData(
        """{"aggregates":[{"function":"count"},{"function":"sum","column":"age"}],"groupBy":["active"],"limit":3}""",
        "SELECT TOP (4) s.[active], COUNT(*), CASE WHEN COUNT(CAST(s.[age] AS bigint)) >= 5 THEN SUM(CAST(CAST(s.[age] AS bigint) AS decimal(38, 0))) END FROM [people] AS s WHERE (s.[tenant] IS NOT NULL) AND "
        + "(((s.[tenant] COLLATE Latin1_General_100_BIN2) = @p0 AND DATALENGTH(s.[tenant]) = DATALENGTH(@p1))) GROUP BY s.[active] HAVING COUNT(*) >= 5 ORDER BY s.[active] ASC")]
    public async Task Statement_HasTheCataloguesNamesAndParametersOnly(string query, string expected)
    {
        using var rig = new DataRig(People.Manifest("sqlserver"), People.Permits + People.AllRows);
        var plan = Assert.IsType<PlanResult.Planned>(await rig.PlanAsync(query)).Plan;
        using var connection = new SqlConnection();
        using var command = new SqlServerConnector().CreateCommand(connection, plan);
        Assert.Equal(expected, command.CommandText);
        Assert.Equal("contoso", command.Parameters[0].Value);
    }

    [Theory]
    [InlineData("""{"select":["id"],"where":{"op":"lt","column":"name","value":"b"}}""")]
    public async Task OrderOfTexts_IsDecidedHere(string query)
    {
        using var rig = new DataRig(People.Manifest("sqlserver"), People.Permits + People.AllRows);
        Assert.NotNull(Assert.IsType<PlanResult.Planned>(await rig.PlanAsync(query)).Plan.Rest);
    }

    [Theory]
    [InlineData("""{"select":["id"],"orderBy":[{"column":"name"}]}""")]
    [InlineData("""{"aggregates":[{"function":"max","column":"name"}]}""")]
    [InlineData("""{"aggregates":[{"function":"count"}],"groupBy":["name"]}""")]
    public async Task OrderOfTexts_IsRefused_WhereTheSourceWouldMakeIt(string query)
    {
        using var rig = new DataRig(People.Manifest("sqlserver"), People.Permits + People.AllRows);
        Assert.StartsWith("400 not_supported", await rig.AskAsync(query), StringComparison.Ordinal);
    }

    [Fact]
    public void Address_IsEncryptedAndReadOnly()
    {
        var address = new SqlConnectionStringBuilder(SqlServerConnector.AddressOf(new DataSourceSettings { Address = "Server=db.example;Database=d;User ID=u;TrustServerCertificate=true", Secret = "s" }));
        Assert.Equal((SqlConnectionEncryptOption.Mandatory, false, ApplicationIntent.ReadOnly, "s"), (address.Encrypt, address.TrustServerCertificate, address.ApplicationIntent, address.Password));
    }
}
