using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Proofgate.Local.Hub;

namespace Proofgate.Local;

/// <summary>Starts the hub and the storage, prints the settings for them, and ends both on Ctrl-C or SIGTERM.</summary>
internal static class LocalRun
{
    internal static async Task<int> RunAsync(Func<LocalOptions> read, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        // What is printed on stdout is the settings, and nothing else.
        using var logs = LoggerFactory.Create(static log => log
            .AddConsole(static console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .SetMinimumLevel(LogLevel.Warning));
        try
        {
            var options = read();
            await using var hub = HubBroker.Start(options.Hub, TimeProvider.System, logs);
            await using var storage = options.Storage is { } wanted
                ? await AzuriteServer.StartAsync(wanted, new ErrorLine(), stop.Token).ConfigureAwait(false)
                : null;
            var values = LocalSettings.Of(hub, options.Hub.Hubs[0], storage);
            if (options.SettingsFile is { } file)
                LocalSettings.Write(file, values);
            Console.WriteLine(LocalSettings.Text(values));
            Console.Error.WriteLine(Instructions(options));
            return await UntilStoppedAsync(storage, stop.Token).ConfigureAwait(false);
        }
        catch (LocalSetupException e)
        {
            Console.Error.WriteLine($"The local hub and storage did not start: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }

        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task<int> UntilStoppedAsync(AzuriteServer? storage, CancellationToken stop)
    {
        try
        {
            var ended = storage?.Ended ?? new TaskCompletionSource<int>().Task;
            var code = await ended.WaitAsync(stop).ConfigureAwait(false);
            Console.Error.WriteLine($"Azurite ended by itself (exit code {code}). Its last writes, up to 5 s of them, may be lost. Start it again.");
            return 1;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Saving and ending.");
            return 0;
        }
    }

    private static string Instructions(LocalOptions options) =>
        $"""
        The {(options.Storage is null ? "hub runs" : "hub and the storage run")}, for development: in the clear, with published keys, on 127.0.0.1 alone.
        {(options.SettingsFile is { } file ? $"These settings are in {file}." : "Put these settings into the \"Values\" of local.settings.json, or start this with --write-settings.")} Then, in three terminals:
          (cd functions/Gateway && func start)                    # 7071
          (cd functions/Manage && func start --port 7072)
          (cd functions/AuditWriter && func start --port 7073)
        Ctrl-C ends this.
        """;

    private sealed class ErrorLine : IProgress<string>
    {
        public void Report(string value) => Console.Error.WriteLine(value);
    }
}
