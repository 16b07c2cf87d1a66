using Proofgate.Infra.Tests.Compiler;

namespace Proofgate.Infra.Tests.Types;

/// <summary>Every resource as it would be made, against the published definition of its kind and version.</summary>
public sealed class TypeTests
{
    [BicepFact]
    public async Task Resources_AreAsTheyArePublished()
    {
        var deployment = await Deployment.DefaultAsync();
        Assert.True(deployment.Resources.Count > 100);
        Assert.Equal("", string.Join('\n', deployment.Resources.SelectMany(PublishedTypes.Find)));
        Assert.Empty((await Deployment.TrialAsync()).Resources.SelectMany(PublishedTypes.Find));
        Assert.Empty((await Deployment.OfAsync(static _ => { }, "param lockRetention = true", "param alertEmails = ['a@example.com']")).Resources.SelectMany(PublishedTypes.Find));
    }

    [BicepTheory]
    [InlineData("modules/ledger.bicep", "minimumTlsVersion: 'TLS1_2'", "minimumTlsVersion: 'TLS1_9'", "'TLS1_9' is none of")]
    [InlineData("modules/ledger.bicep", "name: 'ledger'\n  properties: {\n    level: 'CanNotDelete'", "name: 'ledger'\n  properties: {\n    level: 'CannotDelete'", "'CannotDelete' is none of")]
    [InlineData("modules/hub.bicep", "cleanupPolicy: 'Delete'", "cleanupPolicy: 'Remove'", "'Remove' is none of")]
    [InlineData("modules/vault.bicep", "curveName: 'P-256'", "curveName: 'P-255'", "'P-255' is none of")]
    [InlineData("modules/vault.bicep", "attributes: {\n      enabled: true", "attributes: {\n      enabled: true\n      unheardOf: 1", "unheardOf is no property")]
    [InlineData("modules/storage.bicep", "  kind: 'StorageV2'\n", "", "kind is missing")]
    [InlineData("modules/storage.bicep", "Microsoft.Storage/storageAccounts@2024-01-01", "Microsoft.Storage/storageAccounts@2024-01-31", "is not published")]
    public async Task Offence_IsFound(string file, string text, string other, string finding)
    {
        var broken = await Deployment.OfAsync(templates => templates.With(file, text, other));
        Assert.Contains(broken.Resources.SelectMany(PublishedTypes.Find), found => found.Contains(finding, StringComparison.Ordinal));
    }
}
