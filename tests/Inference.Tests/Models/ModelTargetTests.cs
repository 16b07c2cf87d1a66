using Proofgate.Inference.Dialects.Embeddings;
using Proofgate.Inference.Dialects.OpenAi;
using Proofgate.Inference.Dialects.Responses;
using Proofgate.Inference.Models;

namespace Proofgate.Inference.Tests.Models;

public sealed class ModelTargetTests
{
    [Fact]
    public void Address_IsBelowTheBase_AndForAzureOpenAiBelowTheDeployment()
    {
        var openAi = Target(UpstreamProtocol.OpenAi, "https://example.com/v1/", null);
        var azure = Target(UpstreamProtocol.AzureOpenAi, "https://example.openai.azure.com/", "2024-10-21");

        Assert.Equal("https://example.com/v1/chat/completions", openAi.AddressOf(new OpenAiChat()).AbsoluteUri);
        Assert.Equal(
            "https://example.openai.azure.com/openai/deployments/my%20model/chat/completions?api-version=2024-10-21", azure.AddressOf(new OpenAiChat()).AbsoluteUri);
        Assert.Equal(
            "https://example.openai.azure.com/openai/deployments/my%20model/embeddings?api-version=2024-10-21", azure.AddressOf(new OpenAiEmbeddings()).AbsoluteUri);
        Assert.Equal("https://example.openai.azure.com/openai/responses?api-version=2024-10-21", azure.AddressOf(new OpenAiResponses()).AbsoluteUri);
    }

    private static ModelTarget Target(UpstreamProtocol protocol, string address, string? version) => new(
        new UpstreamEntry
        {
            Name = "up",
            Provider = "p",
            Region = "eu",
            External = true,
            Protocol = protocol,
            ApiVersion = version,
            Authentication = UpstreamAuthentication.None,
            Address = new Uri(address),
        },
        "my model");
}
