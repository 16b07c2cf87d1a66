using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Proofgate.Http;

namespace Proofgate.Gateway;

/// <summary>The datasets.</summary>
public sealed class DataDoor(FrontDesk desk)
{
    [Function(nameof(Routes.Datasets))]
    public Task Datasets([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/datasets")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.Datasets, request.HttpContext, hostStops);

    [Function(nameof(Routes.Dataset))]
    public Task Dataset([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/datasets/{name}")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.Dataset, request.HttpContext, hostStops);

    [Function(nameof(Routes.DatasetQuery))]
    public Task DatasetQuery([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/datasets/{name}/query")] HttpRequest request, CancellationToken hostStops) =>
        desk.HandleAsync(Routes.DatasetQuery, request.HttpContext, hostStops);
}
