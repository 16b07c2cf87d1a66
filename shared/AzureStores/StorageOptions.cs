namespace Proofgate.AzureStores;

/// <summary>Section <c>Proofgate:Storage</c>: the account of keys, and under <c>Ledger</c> that of the ledger.</summary>
public sealed class StorageOptions : AccountOptions
{
    public const string Section = "Proofgate:Storage";

    /// <summary>
    /// The ledger's own account, which nobody but the writer may add to. Required with <see cref="AccountOptions.TableEndpoint"/>; with a
    /// connection string it may be left out, and Azurite holds both.
    /// </summary>
    public AccountOptions Ledger { get; set; } = new();

    /// <summary>
    /// The account of used proofs, whose tables come and go: who may insert into a table that is not there yet may insert into every table of its account. Left
    /// out, they are in the account of the keys.
    /// </summary>
    public AccountOptions Proofs { get; set; } = new();
}
