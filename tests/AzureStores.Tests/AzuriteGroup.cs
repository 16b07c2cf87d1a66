using Proofgate.Support;

namespace Proofgate.AzureStores.Tests;

/// <summary>One Azurite for all tests of this project; each makes tables of its own.</summary>
[CollectionDefinition(Name)]
public sealed class AzuriteGroup : ICollectionFixture<AzuriteFixture>
{
    public const string Name = "Azurite";
}
