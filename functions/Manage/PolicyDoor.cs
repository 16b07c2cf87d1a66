using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Proofgate.Http;

namespace Proofgate.Manage;

/// <summary>The active policy. No door names a verb: the front desk answers 405 itself.</summary>
public sealed class PolicyDoor(FrontDesk desk)
{
    [Function(nameof(Routes.Policy))]
    public Task Policy([HttpTrigger(AuthorizationLevel.Anonymous, Route = "manage/policy")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.Policy, request.HttpContext, hostStops);

    [Function(nameof(Routes.PolicyCheck))]
    public Task PolicyCheck([HttpTrigger(AuthorizationLevel.Anonymous, Route = "manage/policy/check")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.PolicyCheck, request.HttpContext, hostStops);

    [Function(nameof(Routes.PolicyRollback))]
    public Task PolicyRollback([HttpTrigger(AuthorizationLevel.Anonymous, Route = "manage/policy/rollback")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.PolicyRollback, request.HttpContext, hostStops);
}
