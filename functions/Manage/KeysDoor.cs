using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Proofgate.Http;

namespace Proofgate.Manage;

/// <summary>API keys, and the act that makes the first of them. No door names a verb: the front desk answers 405 itself.</summary>
public sealed class KeysDoor(FrontDesk desk)
{
    [Function(nameof(Routes.Keys))]
    public Task Keys([HttpTrigger(AuthorizationLevel.Anonymous, Route = "manage/keys")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.Keys, request.HttpContext, hostStops);

    [Function(nameof(Routes.KeyRevocation))]
    public Task KeyRevocation([HttpTrigger(AuthorizationLevel.Anonymous, Route = "manage/keys/{kid}/revoke")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.KeyRevocation, request.HttpContext, hostStops);

    [Function(nameof(Routes.KeyRotation))]
    public Task KeyRotation([HttpTrigger(AuthorizationLevel.Anonymous, Route = "manage/keys/{kid}/rotate")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.KeyRotation, request.HttpContext, hostStops);

    [Function(nameof(Routes.KeyBinding))]
    public Task KeyBinding([HttpTrigger(AuthorizationLevel.Anonymous, Route = "manage/keys/{kid}/bind")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.KeyBinding, request.HttpContext, hostStops);

    [Function(nameof(Routes.LeakReport))]
    public Task LeakReport([HttpTrigger(AuthorizationLevel.Anonymous, Route = "keys/leaked")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.LeakReport, request.HttpContext, hostStops);

    [Function(nameof(Routes.Initialization))]
    public Task Initialization([HttpTrigger(AuthorizationLevel.Anonymous, Route = "manage/init")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.Initialization, request.HttpContext, hostStops);
}
