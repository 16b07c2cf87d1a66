using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Proofgate.AzureStores.Proofs;

namespace Proofgate.AzureStores.Accounts;

/// <summary>The tables by their names, each in its account.</summary>
internal sealed class StorageTables
{
    internal const string KeysName = "ProofgateKeys";
    internal const string SubjectsName = "ProofgateSubjects";
    internal const string UseName = "ProofgateUse";
    internal const string BudgetsName = "ProofgateBudgets";
    internal const string SessionsName = "ProofgateSessions";
    internal const string PoliciesName = "ProofgatePolicies";
    internal const string LedgerName = "Audit";
    internal const string ProofsPrefix = "ProofgateProofs";

    public StorageTables(IOptions<StorageOptions> options)
        : this(options, ClientSettings.Apply(new TableClientOptions()))
    {
    }

    internal StorageTables(IOptions<StorageOptions> options, TableClientOptions settings)
    {
        var storage = options.Value;
        var account = Connect(storage, settings);
        var ledger = storage.Ledger.IsEmpty ? account : Connect(storage.Ledger, settings);
        ProofsAccount = storage.Proofs.IsEmpty ? account : Connect(storage.Proofs, settings);
        Keys = account.GetTableClient(KeysName);
        Subjects = account.GetTableClient(SubjectsName);
        Use = account.GetTableClient(UseName);
        Budgets = account.GetTableClient(BudgetsName);
        Sessions = account.GetTableClient(SessionsName);
        Policies = account.GetTableClient(PoliciesName);
        Ledger = ledger.GetTableClient(LedgerName);
    }

    /// <summary>Where the tables of used proofs are made and dropped.</summary>
    internal TableServiceClient ProofsAccount { get; }

    internal TableClient Keys { get; }

    internal TableClient Subjects { get; }

    internal TableClient Use { get; }

    /// <summary>What of the day's budgets instances have leased.</summary>
    internal TableClient Budgets { get; }

    /// <summary>What callers' sessions have seen.</summary>
    internal TableClient Sessions { get; }

    /// <summary>Of the records that activate policy bundles.</summary>
    internal TableClient Policies { get; }

    internal TableClient Ledger { get; }

    /// <summary>Of the proofs that were used on a day.</summary>
    internal TableClient Proofs(DateOnly day) => ProofsAccount.GetTableClient(ReplayDay.NameOf(day));

    private static TableServiceClient Connect(AccountOptions account, TableClientOptions settings) => account.TableEndpoint is { } endpoint
        ? new TableServiceClient(endpoint, Credentials.For(account.ManagedIdentityClientId), settings)
        : new TableServiceClient(account.ConnectionString, settings);
}
