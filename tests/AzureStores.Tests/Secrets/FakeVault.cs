using Azure;
using Azure.Security.KeyVault.Secrets;
using Moq;

namespace Proofgate.AzureStores.Tests.Secrets;

/// <summary>A vault that holds what a test puts in it, and fails when told.</summary>
internal sealed class FakeVault
{
    private readonly Mock<SecretClient> _client = new(MockBehavior.Strict);

    internal FakeVault() => _client
        .Setup(static c => c.GetSecretAsync(It.IsAny<string>(), It.IsAny<string?>(), It.IsAny<SecretContentType?>(), It.IsAny<CancellationToken>()))
        .Returns((string name, string? _, SecretContentType? _, CancellationToken _) =>
        {
            Asked.Add(name);
            if (Failure is { } failure)
                return Task.FromException<Response<KeyVaultSecret>>(failure);
            return Held.TryGetValue(name, out var value)
                ? Task.FromResult(Response.FromValue(new KeyVaultSecret(name, value), Mock.Of<Response>()))
                : Task.FromException<Response<KeyVaultSecret>>(new RequestFailedException(404, "missing", "SecretNotFound", null));
        });

    internal SecretClient Client => _client.Object;

    internal Dictionary<string, string> Held { get; } = [];

    internal List<string> Asked { get; } = [];

    internal Exception? Failure { get; set; }
}
