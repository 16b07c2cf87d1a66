using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Proofgate.Http;

namespace Proofgate.Gateway;

/// <summary>The log's checkpoints and tiles, its entries, a tenant's own events, and receipts.</summary>
public sealed class AuditDoor(FrontDesk desk)
{
    [Function(nameof(Routes.Receipts))]
    public Task Receipts([HttpTrigger(AuthorizationLevel.Anonymous, Route = "audit/receipts/{auditId}")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.Receipts, request.HttpContext, hostStops);

    [Function(nameof(Routes.LogCheckpoint))]
    public Task LogCheckpoint([HttpTrigger(AuthorizationLevel.Anonymous, Route = "audit/log/{partition}/checkpoint")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.LogCheckpoint, request.HttpContext, hostStops);

    [Function(nameof(Routes.HashTiles))]
    public Task HashTiles([HttpTrigger(AuthorizationLevel.Anonymous, Route = "audit/log/{partition}/tile/{*tile}")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.HashTiles, request.HttpContext, hostStops);

    [Function(nameof(Routes.EntryBundles))]
    public Task EntryBundles([HttpTrigger(AuthorizationLevel.Anonymous, Route = "audit/log/{partition}/tile/entries/{*tile}")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.EntryBundles, request.HttpContext, hostStops);

    [Function(nameof(Routes.WideBundles))]
    public Task WideBundles([HttpTrigger(AuthorizationLevel.Anonymous, Route = "audit/log/{partition}/tile/wide/{*tile}")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.WideBundles, request.HttpContext, hostStops);

    [Function(nameof(Routes.LongEntries))]
    public Task LongEntries([HttpTrigger(AuthorizationLevel.Anonymous, Route = "audit/log/{partition}/large/{*tile}")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.LongEntries, request.HttpContext, hostStops);

    [Function(nameof(Routes.IdIndex))]
    public Task IdIndex([HttpTrigger(AuthorizationLevel.Anonymous, Route = "audit/log/{partition}/index/{*tile}")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.IdIndex, request.HttpContext, hostStops);

    [Function(nameof(Routes.TenantLogs))]
    public Task TenantLogs([HttpTrigger(AuthorizationLevel.Anonymous, Route = "audit/events")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.TenantLogs, request.HttpContext, hostStops);

    [Function(nameof(Routes.TenantEvents))]
    public Task TenantEvents([HttpTrigger(AuthorizationLevel.Anonymous, Route = "audit/events/{partition}")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.TenantEvents, request.HttpContext, hostStops);
}
