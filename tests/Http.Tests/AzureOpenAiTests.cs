using Proofgate.Audit.Events;
using Proofgate.Http.Tests.Support;

namespace Proofgate.Http.Tests;

/// <summary>What is Azure OpenAI's own: the deployment in the path, the version in the query, the key in <c>api-key</c>.</summary>
public sealed class AzureOpenAiTests
{
    private const string Deployment = "/openai/deployments/assistant/chat/completions";

    [Fact]
    public async Task Deployment_IsTheModel_WhateverTheBodySays_AndTheKeyComesInItsOwnHeader()
    {
        await using var gateway = await TestGateway.StartAsync();
        var request = TestGateway.Post(Deployment + "?api-version=2024-10-21", Samples.Chat.Replace("assistant", "board-assistant", StringComparison.Ordinal));
        request.Headers.Add("api-key", await gateway.DeveloperAsync());
        var answer = await gateway.SendAsync(request);

        Assert.Equal(200, answer.Status);
        Assert.Equal("assistant", gateway.Upstream.Last!.Call.Body.Model);
        Assert.Equal("/openai/deployments/{deployment}/chat/completions", Assert.Single(gateway.Stream.Of<DecisionEvent>()).Request.Route);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?api-version=")]
    [InlineData("?api-version=2024-10-21&api-version=2023-05-15")]
    [InlineData("?api-version=2024-10-21%26key")]
    [InlineData("?api-version=0123456789012345678901234567890123")]
    public async Task VersionThatIsNone_Is400(string query)
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.PostAsync(Deployment + query, Samples.Chat, await gateway.DeveloperAsync());

        Assert.Equal((400, "invalid_api_version"), (answer.Status, answer.Code));
        Assert.Equal("invalid_api_version", Assert.Single(gateway.Stream.Of<RefusalEvent>()).Reason);
        Assert.Equal(0, gateway.Upstream.Asked);
    }

    [Fact]
    public async Task UnknownDeployment_Is404_AndOneOfTheBoardIs403()
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.DeveloperAsync();
        var unknown = await gateway.PostAsync("/openai/deployments/nothing/embeddings?api-version=2024-10-21", Samples.Embedding, key);
        var denied = await gateway.PostAsync("/openai/deployments/board-assistant/chat/completions?api-version=2024-10-21", Samples.Chat, key);

        Assert.Equal((404, "model_not_found"), (unknown.Status, unknown.Code));
        Assert.Equal((403, "policy_denied"), (denied.Status, denied.Code));
        Assert.Equal(0, gateway.Upstream.Asked);
    }

    [Theory]
    [InlineData("/openai/deployments/assistant/completions?api-version=2024-10-21")]
    [InlineData("/openai/deployments?api-version=2024-10-21")]
    [InlineData("/openai/v1/files")]
    [InlineData("/openai/files?api-version=2024-10-21")]
    public async Task PathThatIsNotListed_DoesNotExist(string path)
    {
        await using var gateway = await TestGateway.StartAsync();
        Assert.Equal(404, (await gateway.PostAsync(path, Samples.Chat, await gateway.DeveloperAsync())).Status);
    }
}
