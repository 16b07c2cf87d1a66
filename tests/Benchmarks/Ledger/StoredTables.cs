using Azure.Data.Tables;
using Proofgate.Audit;
using Proofgate.AzureStores.Accounts;
using Proofgate.AzureStores.Ledger;

namespace Proofgate.Benchmarks.Ledger;

/// <summary>A ledger's table as the product opens it, under a name of its own.</summary>
internal static class StoredTables
{
    internal static ILedgerTable Ledger(string connection, string name) => new TableLedger(new TableClient(connection, name, ClientSettings.Apply(new TableClientOptions())));
}
