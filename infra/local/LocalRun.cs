using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Proofgate.Local;

/// <summary>Starts the storage, prints the settings for it, and ends it on Ctrl-C or SIGTERM.</summary>
internal static class LocalRun
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static async Task<int> RunAsync(Func<AzuriteOptions> options, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        try
        {
            await using var azurite = await AzuriteServer.StartAsync(options(), new ErrorLine(), stop.Token).ConfigureAwait(false);
            Console.WriteLine(Settings(azurite));
            Console.Error.WriteLine("The storage runs. Put these into local.settings.json, then `func start`. Ctrl-C ends it.");
            return await UntilStoppedAsync(azurite, stop.Token).ConfigureAwait(false);
        }
        catch (LocalSetupException e)
        {
            Console.Error.WriteLine($"The local storage did not start: {e.Message}");
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

    private static async Task<int> UntilStoppedAsync(AzuriteServer azurite, CancellationToken stop)
    {
        try
        {
            var code = await azurite.Ended.WaitAsync(stop).ConfigureAwait(false);
            Console.Error.WriteLine($"Azurite ended by itself (exit code {code}). Its last writes, up to 5 s of them, may be lost. Start it again.");
            return 1;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Saving and ending.");
            return 0;
        }
    }

    /// <summary>The "Values" of local.settings.json that depend on the ports.</summary>
    private static string Settings(AzuriteServer azurite)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            json.WriteStartObject();
            json.WriteString("AzureWebJobsStorage", azurite.ConnectionString);
            json.WriteString("Proofgate__Storage__ConnectionString", azurite.ConnectionString);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private sealed class ErrorLine : IProgress<string>
    {
        public void Report(string value) => Console.Error.WriteLine(value);
    }
}
