using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Proofgate.Http;

namespace Proofgate.Gateway;

/// <summary>The models. No door names a verb: the host answers 404 for one that is not registered, and the front desk's answer is 405.</summary>
public sealed class InferenceDoor(FrontDesk desk)
{
    [Function(nameof(Routes.ChatCompletions))]
    public Task ChatCompletions([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/chat/completions")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.ChatCompletions, request.HttpContext, hostStops);

    [Function(nameof(Routes.Responses))]
    public Task Responses([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/responses")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.Responses, request.HttpContext, hostStops);

    [Function(nameof(Routes.Embeddings))]
    public Task Embeddings([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/embeddings")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.Embeddings, request.HttpContext, hostStops);

    [Function(nameof(Routes.Messages))]
    public Task Messages([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/messages")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.Messages, request.HttpContext, hostStops);

    [Function(nameof(Routes.TokenCount))]
    public Task TokenCount([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/messages/count_tokens")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.TokenCount, request.HttpContext, hostStops);

    [Function(nameof(Routes.Models))]
    public Task Models([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/models")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.Models, request.HttpContext, hostStops);
}
