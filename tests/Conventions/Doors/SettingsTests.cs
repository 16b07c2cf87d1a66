using System.Text.Json;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Proofgate.AzureStores;
using Proofgate.Conventions.Tree;
using Proofgate.Http;

namespace Proofgate.Conventions.Doors;

/// <summary>One settings file serves all apps: every key in it is read by one, and none by accident.</summary>
public sealed class SettingsTests
{
    /// <summary>Which app reads which key.</summary>
    private static readonly (string Key, string[] Apps)[] Readers =
    [
        ("Proofgate:Audit:Hub", ["Gateway", "Manage", "AuditWriter"]),
        ("Proofgate:EventHubs:Connection", ["Gateway", "Manage", "AuditWriter"]),
        ("Proofgate:Outbound:AllowLoopback", ["Gateway", "Manage"]),
        ("Proofgate:Policy:Folder", ["Gateway", "Manage"]),
        ("Proofgate:PublicOrigins:0", ["Gateway", "Manage"]),
        ("Proofgate:PublicOrigins:1", ["Gateway", "Manage"]),
        ("Proofgate:PublicOrigins:2", ["Gateway", "Manage"]),
        ("Proofgate:PublicOrigins:3", ["Gateway", "Manage"]),
        ("Proofgate:Secrets:ApiKeyPepper:1", ["Gateway", "Manage"]),
        ("Proofgate:Secrets:AuditMaster", ["Gateway", "Manage"]),
        ("Proofgate:Secrets:Bootstrap", ["Gateway", "Manage"]),
        ("Proofgate:Secrets:LogKey", ["Gateway", "Manage", "AuditWriter"]),
        ("Proofgate:Storage:ConnectionString", ["Gateway", "Manage", "AuditWriter"]),
        ("Proofgate:Upstreams:ollama:Endpoint", ["Gateway", "Manage"]),
    ];

    /// <summary>What each registration in a Program.cs makes an app read.</summary>
    private static readonly Dictionary<string, string[]> Sections = new()
    {
        ["AddProofgateGateway"] =
            ["Proofgate:Admission", "Proofgate:Audit", "Proofgate:Data", "Proofgate:DataSources", "Proofgate:Identity", "Proofgate:Inference", "Proofgate:Outbound", "Proofgate:Policy", "Proofgate:PublicOrigins", "Proofgate:Secrets", "Proofgate:Upstreams"],
        ["AddProofgateLedgerInlet"] = ["Proofgate:Audit:Hub"],
        ["AddProofgateLogSigner"] = ["Proofgate:Secrets:LogKey"],
        ["AddProofgateAzureStores"] = ["Proofgate:Storage"],
        ["AddProofgateEventHubs"] = ["Proofgate:Audit:Hub", "Proofgate:EventHubs"],
        ["AddProofgateKeyVault"] = ["Proofgate:KeyVault"],
        ["CreateLocalTablesAsync"] = ["Proofgate:Storage"],
    };

    private static readonly Dictionary<string, string?> Sample = JsonDocument.Parse(Repository.Text("local.settings.sample.json").Text)
        .RootElement.GetProperty("Values").EnumerateObject()
        .ToDictionary(static v => v.Name.Replace("__", ":", StringComparison.Ordinal), static v => v.Value.GetString());

    private static IEnumerable<(string, Type)> HostSections =>
        [(StorageOptions.Section, typeof(StorageOptions)), (KeyVaultOptions.Section, typeof(KeyVaultOptions)), ("Proofgate:EventHubs", DoorCompiler.EventHubsOptions.Value)];

    [Fact]
    public void Keys_OfTheSample_AreKnown() => Assert.Empty(SettingsGuard.UnknownKeys(Configuration(Sample), HostSections));

    [Fact]
    public void Keys_OfTheSample_AreFound_WhenMisspelt()
    {
        var misspelt = Sample.Append(new("Proofgate:Outbound:AllowLoopbak", "true")).Append(new("Proofgate:EventHubs:Conection", "x"));
        Assert.Equal(2, SettingsGuard.UnknownKeys(Configuration(misspelt), HostSections).Count);
    }

    [Fact]
    public void Keys_OfTheSample_AreReadByTheAppsOfTheList()
    {
        Assert.Equal(Readers.Select(static r => r.Key).Order(), Sample.Keys.Where(static k => k.StartsWith("Proofgate:", StringComparison.Ordinal)).Order());
        Assert.All(Readers, static reader => Assert.Equal(reader.Apps, DoorCompiler.Apps.Where(app => Reads(app, reader.Key))));
    }

    /// <summary>The other keys are the Functions host's.</summary>
    [Fact]
    public void Keys_OfTheHost_AreThoseThatItNeeds() => Assert.Equal(
        ["AzureWebJobsStorage", "FUNCTIONS_WORKER_RUNTIME"], Sample.Keys.Where(static k => !k.StartsWith("Proofgate:", StringComparison.Ordinal)).Order());

    [Fact]
    public void Sample_StartsAnApp_AsItIs()
    {
        // The apps carry the bundle beside them under this name.
        Assert.Equal("policy", Sample["Proofgate:Policy:Folder"]);
        var configuration = Configuration(Sample.Append(new("Proofgate:Policy:Folder", Path.Combine(Repository.Root, "infra", "policy", "sample"))));
        var services = new ServiceCollection().AddLogging().AddProofgateGateway(configuration, HostSections).AddProofgateAzureStores(configuration);
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
    }

    private static bool Reads(string app, string key) => Repository.CSharp.Single(f => f.Path == $"functions/{app}/Program.cs")
        .All<InvocationExpressionSyntax>()
        .Select(static call => call.Expression is MemberAccessExpressionSyntax access ? access.Name.Identifier.Text : "")
        .SelectMany(static name => Sections.GetValueOrDefault(name, []))
        .Any(section => key == section || key.StartsWith(section + ":", StringComparison.Ordinal));

    private static IConfigurationRoot Configuration(IEnumerable<KeyValuePair<string, string?>> values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.GroupBy(static v => v.Key).Select(static g => g.Last())).Build();
}
