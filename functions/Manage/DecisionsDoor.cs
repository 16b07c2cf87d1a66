using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Proofgate.Http;

namespace Proofgate.Manage;

/// <summary>Decisions as they happen.</summary>
public sealed class DecisionsDoor(FrontDesk desk)
{
    [Function(nameof(Routes.Decisions))]
    public Task Decisions([HttpTrigger(AuthorizationLevel.Anonymous, Route = "manage/decisions")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.Decisions, request.HttpContext, hostStops);
}
