using Yarp.ReverseProxy.Configuration;

namespace Proofgate.Benchmarks.Load;

/// <summary>The baseline: YARP with one route, one cluster, and nothing else.</summary>
internal static class BareYarp
{
    internal static async Task<int> RunAsync(Uri upstream)
    {
        var app = Quiet.Build(services => services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "upstream", Match = new RouteMatch { Path = "{**all}" } }],
            [new ClusterConfig { ClusterId = "upstream", Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = upstream.ToString() } } }]));
        app.MapReverseProxy();
        await Quiet.RunUntilInputEndsAsync(app);
        return 0;
    }
}
