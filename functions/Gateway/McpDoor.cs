using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Proofgate.Http;

namespace Proofgate.Gateway;

/// <summary>Datasets and registered servers as tools.</summary>
public sealed class McpDoor(FrontDesk desk)
{
    [Function(nameof(Routes.Mcp))]
    public Task Mcp([HttpTrigger(AuthorizationLevel.Anonymous, Route = "mcp")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.Mcp, request.HttpContext, hostStops);
}
