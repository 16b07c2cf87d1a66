using System.Text.RegularExpressions;
using Proofgate.Support;

namespace Proofgate.AzureStores.Tests.Ledger;

/// <summary>What the ledger's writer can call at all, read in the sources: what is not there cannot be called by mistake.</summary>
public sealed partial class LedgerContractTests
{
    [Fact]
    public void Contract_HasInsertAndReadAndNothingElse() =>
        Assert.Equal(["InsertAsync", "NextPartitionAsync", "ReadAsync"], Names(Method(), "Audit", "ILedgerTable.cs"));

    [Fact]
    public void Store_CallsInsertsAndQueriesAndNothingElse()
    {
        Assert.Equal(["AddEntityAsync", "QueryAsync", "SubmitTransactionAsync"], Names(TableCall(), "AzureStores", "Ledger", "TableLedger.cs"));
        Assert.Equal(["Add"], Names(Action(), "AzureStores", "Ledger", "TableLedger.cs"));
    }

    private static IEnumerable<string> Names(Regex pattern, params string[] path)
    {
        var code = string.Join('\n', File.ReadLines(RepositoryRoot.Of(["shared", .. path])).Where(static l => !l.TrimStart().StartsWith("//", StringComparison.Ordinal)));
        return pattern.Matches(code).Select(static m => m.Groups["name"].Value).Distinct().Order(StringComparer.Ordinal);
    }

    [GeneratedRegex(@"\b(?<name>[A-Z]\w*)\(", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Method();

    [GeneratedRegex(@"\btable\.(?<name>\w+)(<\w+>)?\(", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TableCall();

    [GeneratedRegex(@"\bTableTransactionActionType\.(?<name>\w+)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Action();
}
