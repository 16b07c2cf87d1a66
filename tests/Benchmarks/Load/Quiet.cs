using System.Net;

namespace Proofgate.Benchmarks.Load;

/// <summary>A Kestrel on a free loopback port that logs nothing and ends with its parent.</summary>
internal static class Quiet
{
    internal static WebApplication Build(Action<IServiceCollection>? services = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        services?.Invoke(builder.Services);
        return builder.Build();
    }

    internal static async Task RunUntilInputEndsAsync(WebApplication app)
    {
        await app.StartAsync();
        Console.WriteLine($"listening {app.Urls.First()}");
        while (await Console.In.ReadLineAsync() is not null)
        {
        }

        await app.StopAsync();
    }
}
