using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Cosigning;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Tests.Doubles;

namespace Proofgate.Audit.Tests.Cosigning;

public sealed class CheckpointOptionsTests
{
    private const string Section = CheckpointOptions.Section;

    [Fact]
    public void Problems_AreToldAtOnce_EachWithItsKey()
    {
        using var key = Ed25519Signer.Generate();
        var settings = new Dictionary<string, string?>
        {
            [$"{Section}:KeyId"] = "https://name.vault.azure.net/keys/unversioned",
            [$"{Section}:FormerKeyId"] = "http://name.vault.azure.net/keys/name/1",
            [$"{Section}:WitnessInterval"] = "00:00:00",
            [$"{Section}:WitnessTimeout"] = "01:00:00",
            [$"{Section}:Witnesses:0:Name"] = "a",
            [$"{Section}:Witnesses:0:Key"] = key.KeyFor("not-a-cosigner").ToString(),
            [$"{Section}:Witnesses:0:Address"] = "https://witness.example",
            [$"{Section}:Witnesses:1:Name"] = "b",
            [$"{Section}:Witnesses:1:Key"] = new Cosigner("w", key, TimeProvider.System).Key.ToString(),
            [$"{Section}:Witnesses:1:Address"] = "http://witness.example",
            [$"{Section}:Witnesses:2:Address"] = "https://witness.example",
        };
        var problems = Assert.Throws<OptionsValidationException>(() => Read(settings)).Failures.ToList();
        Assert.Equal(
            ["KeyId", "FormerKeyId", "WitnessInterval", "WitnessTimeout", "Witnesses:0:Key", "Witnesses:1:Address", "Witnesses:2:Name"],
            problems.Select(static p => p.Split(' ')[0][(Section.Length + 1)..]));
    }

    [Fact]
    public void Witness_IsTwiceInTheList_IsAProblem_AndAGoodListIsBoundOnce()
    {
        using var key = Ed25519Signer.Generate();
        var settings = new Dictionary<string, string?>();
        foreach (var i in (int[])[0, 1])
        {
            settings[$"{Section}:Witnesses:{i}:Name"] = $"w{i}";
            settings[$"{Section}:Witnesses:{i}:Key"] = new Cosigner($"w{i}", key, TimeProvider.System).Key.ToString();
            settings[$"{Section}:Witnesses:{i}:Address"] = "http://127.0.0.1:7080/w/";
        }

        Assert.Contains("Witnesses:1:Key is there twice", Assert.Throws<OptionsValidationException>(() => Read(settings)).Message, StringComparison.Ordinal);
        foreach (var k in settings.Keys.Where(static k => k.Contains(":1:", StringComparison.Ordinal)).ToList())
            settings.Remove(k);
        Assert.Equal(new Uri("http://127.0.0.1:7080/w/add-checkpoint"), Assert.Single(WitnessEndpoint.Of(Read(settings))).AddCheckpoint);
    }

    [Fact]
    public void Key_IsOneOfTheSettings_OrOneOfAVault_AndNotBoth()
    {
        using var key = Ed25519Signer.Generate();
        var text = key.Reveal("log");
        const string vault = "https://name.vault.azure.net/keys/log/1";
        Assert.Equal(key.PublicKey.ToArray(), Signers((AuditOptions.LogKeyKey, text)).Signer?.PublicKey.ToArray());
        Assert.Null(Signers(($"{Section}:KeyId", vault)).Signer);
        var (signer, former) = Signers(($"{Section}:KeyId", vault), (CheckpointOptions.FormerLogKeyKey, text));
        Assert.Null(signer);
        Assert.Equal(key.PublicKey.ToArray(), former?.Signer.PublicKey.ToArray());
        Assert.Throws<OptionsValidationException>(() => Signers());
        Assert.Throws<OptionsValidationException>(() => Signers((AuditOptions.LogKeyKey, "PRIVATE+KEY+x")));
        Assert.Throws<OptionsValidationException>(() => Signers((AuditOptions.LogKeyKey, text), ($"{Section}:KeyId", vault)));
        Assert.Throws<OptionsValidationException>(() => Signers((AuditOptions.LogKeyKey, text), (CheckpointOptions.FormerLogKeyKey, text), ($"{Section}:FormerKeyId", vault)));
    }

    private static (ILogSigner? Signer, FormerLogKey? Former) Signers(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(static s => s.Key, static s => (string?)s.Value)).Build();
        using var services = new ServiceCollection().AddProofgateLogSigner(configuration).BuildServiceProvider();
        return (services.GetService<ILogSigner>(), services.GetService<FormerLogKey>());
    }

    /// <summary>As a host that both serves and writes reads them.</summary>
    private static CheckpointOptions Read(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        using var services = new ServiceCollection().AddLogging()
            .AddSingleton<ILedgerTable, MemoryLedgerTable>().AddSingleton<IEvidenceStore, MemoryEvidence>()
            .AddProofgateEvidence(configuration).AddProofgateCheckpoints(configuration).BuildServiceProvider();
        return services.GetRequiredService<IOptions<CheckpointOptions>>().Value;
    }
}
