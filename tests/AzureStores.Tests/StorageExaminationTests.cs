using Azure.Storage.Blobs;
using Proofgate.Support;

namespace Proofgate.AzureStores.Tests;

[Collection(AzuriteGroup.Name)]
public sealed class StorageExaminationTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task EachTableAndContainer_IsLookedAt_AndWhatIsMissingIsNamed()
    {
        var there = $"c{Guid.NewGuid():N}";
        await new BlobContainerClient(azurite.ConnectionString, there).CreateAsync();
        var found = (await LookAsync(there)).ToLookup(static c => c.Kind);
        Assert.Equal(["Audit", "ProofgateBudgets", "ProofgateKeys", "ProofgatePolicies", "ProofgateSessions", "ProofgateSubjects", "ProofgateUse"],
            found["table"].Select(static c => c.Name).Where(static n => !n.Contains("2026", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Null(found["container"].Single(c => c.Name == there).Problem);

        var missing = $"c{Guid.NewGuid():N}";
        var absent = (await LookAsync(missing)).Single(c => c.Name == missing);
        Assert.Equal($"Container '{missing}' could not be read from: status 404 ContainerNotFound.", absent.Problem);
        Assert.Null(absent.Owner);
    }

    [Fact]
    public async Task WithoutTheContainerOfBundles_NeitherItNorItsTableIsLookedAt() =>
        Assert.DoesNotContain(await LookAsync(null), static c => c.Name == "ProofgatePolicies");

    /// <summary>A local run keeps its checkpoints beside its stream.</summary>
    [Fact]
    public async Task WithoutEvidence_ItsContainerIsNotLookedAt()
    {
        Assert.Contains(await LookAsync(null), static c => c.Name == EvidenceContainer.Name);
        Assert.DoesNotContain(await LookAsync(null, keepsEvidence: false), static c => c.Kind == "container");
    }

    private Task<IReadOnlyList<StoreCheck>> LookAsync(string? policies, bool keepsEvidence = true) => StorageExamination.LookAsync(
        new StorageOptions { ConnectionString = azurite.ConnectionString }, policies, keepsEvidence, new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero), CancellationToken.None);
}
