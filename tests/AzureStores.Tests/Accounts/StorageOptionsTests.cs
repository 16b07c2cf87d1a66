using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Proofgate.AzureStores.Accounts;

namespace Proofgate.AzureStores.Tests.Accounts;

public sealed class StorageOptionsTests
{
    private const string Storage = "Proofgate:Storage";
    private const string Azurite = "UseDevelopmentStorage=true";
    private const string Keys = "https://keys.table.core.windows.net";
    private const string Ledger = "https://ledger.table.core.windows.net";
    private const string Proofs = "https://proofs.table.core.windows.net";
    private const string ClientId = "11111111-2222-3333-4444-555555555555";

    public static TheoryData<string[]> Good { get; } = new()
    {
        new[] { $"ConnectionString={Azurite}" },
        new[] { $"ConnectionString={Azurite}", $"Ledger:ConnectionString={Azurite}" },
        new[] { $"TableEndpoint={Keys}", $"Ledger:TableEndpoint={Ledger}" },
        new[] { $"TableEndpoint={Keys}", $"ManagedIdentityClientId={ClientId}", $"Ledger:TableEndpoint={Ledger}", $"Ledger:ManagedIdentityClientId={ClientId}" },
        new[] { $"TableEndpoint={Keys}", $"Ledger:TableEndpoint={Ledger}", $"Proofs:TableEndpoint={Proofs}", $"Proofs:ManagedIdentityClientId={ClientId}" },
    };

    public static TheoryData<string[], string[]> Bad { get; } = new()
    {
        { [], ["Storage:ConnectionString or Proofgate:Storage:TableEndpoint is missing"] },
        { [$"ConnectionString={Azurite}", $"TableEndpoint={Keys}"], ["Storage:ConnectionString and Proofgate:Storage:TableEndpoint are both set", "Ledger:TableEndpoint is missing"] },
        { ["ConnectionString=secret-nonsense"], ["Storage:ConnectionString is not a connection string"] },
        { [$"TableEndpoint={Keys}"], ["Ledger:TableEndpoint is missing"] },
        { [$"TableEndpoint={Keys}", $"Ledger:TableEndpoint={Keys}/"], ["Ledger:TableEndpoint is the account of the keys"] },
        { ["TableEndpoint=http://keys.table.core.windows.net", $"Ledger:TableEndpoint={Ledger}?sv=1&sig=secret-signature"], ["Storage:TableEndpoint must be an https", "Ledger:TableEndpoint must be an https"] },
        { ["TableEndpoint=keys", $"Ledger:TableEndpoint={Ledger}"], ["Storage:TableEndpoint must be an https"] },
        { [$"ConnectionString={Azurite}", $"ManagedIdentityClientId={ClientId}"], ["Storage:ManagedIdentityClientId must be"] },
        { [$"TableEndpoint={Keys}", "ManagedIdentityClientId=me", $"Ledger:TableEndpoint={Ledger}"], ["Storage:ManagedIdentityClientId must be"] },
        { [$"TableEndpoint={Keys}", $"Ledger:TableEndpoint={Ledger}", $"Proofs:ManagedIdentityClientId={ClientId}"], ["Proofs:ConnectionString or Proofgate:Storage:Proofs:TableEndpoint is missing", "Proofs:ManagedIdentityClientId must be"] },
        { [$"ConnectionString={Azurite}", $"Ledger:ManagedIdentityClientId={ClientId}"], ["Ledger:ConnectionString or Proofgate:Storage:Ledger:TableEndpoint is missing", "Ledger:ManagedIdentityClientId must be"] },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void Tables_AreMade_FromEachForm(string[] settings)
    {
        using var services = Services(settings);
        var tables = services.GetRequiredService<StorageTables>();
        Assert.Equal(["ProofgateKeys", "ProofgateSubjects", "Audit"], [tables.Keys.Name, tables.Subjects.Name, tables.Ledger.Name]);
    }

    [Fact]
    public void Ledger_IsInItsOwnAccount()
    {
        using var services = Services($"TableEndpoint={Keys}", $"Ledger:TableEndpoint={Ledger}");
        var tables = services.GetRequiredService<StorageTables>();
        Assert.Equal(("keys", "keys", "ledger"), (tables.Keys.AccountName, tables.Subjects.AccountName, tables.Ledger.AccountName));
    }

    [Fact]
    public void UsedProofs_AreInTheirOwnAccount_WhereOneIsNamed()
    {
        using var apart = Services($"TableEndpoint={Keys}", $"Ledger:TableEndpoint={Ledger}", $"Proofs:TableEndpoint={Proofs}");
        using var together = Services($"TableEndpoint={Keys}", $"Ledger:TableEndpoint={Ledger}");
        Assert.Equal(["proofs", "keys"], new[] { apart, together }.Select(static s => s.GetRequiredService<StorageTables>().Proofs(new DateOnly(2030, 1, 2)).AccountName));
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void Options_AreRefusedWithEveryKeyNamed(string[] settings, string[] problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        using var services = Services(settings);
        var failures = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<StorageTables>()).Failures.ToList();
        Assert.Equal(problems.Length, failures.Count);
        Assert.All(problems, problem => Assert.Contains(failures, f => f.Contains(problem, StringComparison.Ordinal)));
        Assert.All(failures, static f => Assert.DoesNotContain("secret", f, StringComparison.Ordinal));
    }

    private static ServiceProvider Services(params string[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(static s => s.Split('=', 2)).ToDictionary(static s => $"{Storage}:{s[0]}", static s => (string?)s[1]))
            .Build();
        return new ServiceCollection().AddLogging().AddProofgateAzureStores(configuration).BuildServiceProvider();
    }
}
