using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Proofgate.Http;

/// <summary>Maps the route table for hosts with endpoint routing. Functions hosts name each route in a trigger instead.</summary>
public static class RouteMapping
{
    /// <summary>Maps every route for every method: the front desk answers 405 itself.</summary>
    public static void MapProofgate(this IEndpointRouteBuilder endpoints)
    {
        var desk = endpoints.ServiceProvider.GetRequiredService<FrontDesk>();
        foreach (var route in Routes.All)
        {
            endpoints.Map(route.Template, (RequestDelegate)(http => desk.HandleAsync(route, http)));
        }

        // The default pattern leaves out paths that look like files.
        endpoints.MapFallback("{*path}", FrontDesk.NotFoundAsync);
    }
}
