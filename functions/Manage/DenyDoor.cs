using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Proofgate.Http;

namespace Proofgate.Manage;

/// <summary>The deny list. No door names a verb: the front desk answers 405 itself.</summary>
public sealed class DenyDoor(FrontDesk desk)
{
    [Function(nameof(Routes.Denials))]
    public Task Denials([HttpTrigger(AuthorizationLevel.Anonymous, Route = "manage/deny")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.Denials, request.HttpContext, hostStops);

    [Function(nameof(Routes.Denial))]
    public Task Denial([HttpTrigger(AuthorizationLevel.Anonymous, Route = "manage/deny/{id}")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.Denial, request.HttpContext, hostStops);
}
