using System.Net;
using System.Net.Sockets;
using Proofgate.Local;

namespace Proofgate.SelfHost;

/// <summary>The one-command run: starts what the gateway needs, the gateway, and ends all of it again.</summary>
internal static class SelfHostRun
{
    internal static async Task<int> RunAsync(string[] args)
    {
        using var console = new StartupConsole(TimeProvider.System);
        try
        {
            await StartAndServeAsync(args, console);
            return 0;
        }
        catch (Exception e) when (e is SelfHostException or LocalSetupException)
        {
            console.Fail(e.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }

    private static async Task StartAndServeAsync(string[] args, StartupConsole console)
    {
        using var interrupted = new Interruption();
        var settings = SelfHostSettings.Read(args);
        using var state = StateFolder.Open(settings.StateFolder);
        settings.Options.Port = FreePort(settings.Options.Port);

        await using var storage = await LocalStorage.StartAsync(settings, state, console.Progress("storage (Azurite)"), interrupted.Token);
        await using var sample = settings.HasUpstream
            ? null
            : await SampleModel.SampleModelServer.StartAsync(settings.Options.SampleModelDelay, interrupted.Token);

        var app = GatewayApp.Build(args, settings, state, storage, sample?.Address);
        await using (app)
        {
            await console.During("tables, policy and ledger", GatewayApp.StartAsync(app, interrupted.Token));
            var keys = await LocalKeys.EnsureAsync(app.Services, state, interrupted.Token);
            await LocalState.WriteAsync(state, app, interrupted.Token);
            Banner.Print(Console.Out, app.Urls.First(), state, settings, keys);
            interrupted.Handled();
            await ServeAsync(app, storage, console);
            console.Say("Ending: streams, ledger, storage...");
        }

        LocalState.Remove(state);
    }

    /// <summary>Until somebody ends the run, or its storage is gone: a gateway that can only refuse should not look as if it ran.</summary>
    private static async Task ServeAsync(WebApplication app, LocalStorage storage, StartupConsole console)
    {
        console.Running();
        var lost = storage.WatchAsync();
        if (await Task.WhenAny(app.WaitForShutdownAsync(CancellationToken.None), lost) == lost)
        {
            await lost;
        }
    }

    /// <summary>Asks for the port before anything slow is started; a free one, for 0, because proofs of possession name it.</summary>
    private static int FreePort(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return ((IPEndPoint)probe.LocalEndpoint).Port;
        }
        catch (SocketException e)
        {
            throw new SelfHostException($"Port {port} on 127.0.0.1 cannot be used ({e.SocketErrorCode}). Take another: --port 7072, or --port 0 for any free one.", e);
        }
    }
}
