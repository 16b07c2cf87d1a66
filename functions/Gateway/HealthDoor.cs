using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Proofgate.Http;

namespace Proofgate.Gateway;

/// <summary>Liveness and readiness of this app.</summary>
public sealed class HealthDoor(FrontDesk desk)
{
    [Function(nameof(Routes.Liveness))]
    public Task Liveness([HttpTrigger(AuthorizationLevel.Anonymous, Route = "healthz")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.Liveness, request.HttpContext, hostStops);

    [Function(nameof(Routes.Readiness))]
    public Task Readiness([HttpTrigger(AuthorizationLevel.Anonymous, Route = "readyz")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.Readiness, request.HttpContext, hostStops);
}
