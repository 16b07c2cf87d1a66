namespace Proofgate.Cli.Ledger;

/// <summary>Where the audit log's table is.</summary>
/// <param name="Named">How the person who verifies named it; shown in the report.</param>
internal abstract record LedgerPlace(string Named)
{
    /// <summary>A storage account with its key, as Azurite has.</summary>
    internal sealed record WithKey(string ConnectionString, string Named) : LedgerPlace(Named)
    {
        public override string ToString() => Named;
    }

    /// <summary>A table service that is read with the identity of whoever runs the command.</summary>
    internal sealed record WithIdentity(Uri Endpoint) : LedgerPlace(Endpoint.AbsoluteUri);
}
