using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Proofgate.Http;

namespace Proofgate.Gateway;

/// <summary>The models where clients of Azure OpenAI look for them.</summary>
public sealed class AzureOpenAiDoor(FrontDesk desk)
{
    [Function(nameof(Routes.DeploymentChat))]
    public Task DeploymentChat(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "openai/deployments/{deployment}/chat/completions")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.DeploymentChat, request.HttpContext, hostStops);

    [Function(nameof(Routes.DeploymentEmbeddings))]
    public Task DeploymentEmbeddings(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "openai/deployments/{deployment}/embeddings")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.DeploymentEmbeddings, request.HttpContext, hostStops);

    [Function(nameof(Routes.AzureChat))]
    public Task AzureChat([HttpTrigger(AuthorizationLevel.Anonymous, Route = "openai/v1/chat/completions")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.AzureChat, request.HttpContext, hostStops);

    [Function(nameof(Routes.AzureResponses))]
    public Task AzureResponses([HttpTrigger(AuthorizationLevel.Anonymous, Route = "openai/v1/responses")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.AzureResponses, request.HttpContext, hostStops);

    [Function(nameof(Routes.VersionedResponses))]
    public Task VersionedResponses([HttpTrigger(AuthorizationLevel.Anonymous, Route = "openai/responses")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.VersionedResponses, request.HttpContext, hostStops);

    [Function(nameof(Routes.AzureEmbeddings))]
    public Task AzureEmbeddings([HttpTrigger(AuthorizationLevel.Anonymous, Route = "openai/v1/embeddings")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.AzureEmbeddings, request.HttpContext, hostStops);

    [Function(nameof(Routes.AzureModels))]
    public Task AzureModels([HttpTrigger(AuthorizationLevel.Anonymous, Route = "openai/v1/models")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.AzureModels, request.HttpContext, hostStops);
}
