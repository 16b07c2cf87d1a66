using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Proofgate.Http;

namespace Proofgate.Gateway;

/// <summary>What clients may know before they sign in.</summary>
public sealed class MetadataDoor(FrontDesk desk)
{
    [Function(nameof(Routes.ResourceMetadata))]
    public Task ResourceMetadata(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = ".well-known/oauth-protected-resource/{*resource}")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.ResourceMetadata, request.HttpContext, hostStops);
}
