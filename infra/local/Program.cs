using System.CommandLine;

namespace Proofgate.Local;

/// <summary>The storage that <c>func start</c> needs, until Ctrl-C.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args)
    {
        var data = new Option<string?>("--data") { Description = "Folder for the data. Default: .proofgate/local in the repository." };
        var blob = Port("--blob-port", "Blob service", 10000);
        var queue = Port("--queue-port", "Queue service", 10001);
        var table = Port("--table-port", "Table service", 10002);
        var root = new RootCommand("Storage for `func start`: Azurite on 127.0.0.1, installed on first use. For development. Ctrl-C ends it.")
        {
            data, blob, queue, table,
        };
        root.SetAction((parsed, cancellationToken) => LocalRun.RunAsync(
            () => new AzuriteOptions
            {
                DataFolder = parsed.GetValue(data) ?? Path.Combine(Repository.FindRoot(), ".proofgate", "local"),
                BlobPort = parsed.GetValue(blob),
                QueuePort = parsed.GetValue(queue),
                TablePort = parsed.GetValue(table),
            },
            cancellationToken));

        // LocalRun ends the storage itself and in its own time: a second Ctrl-C must not cut its saving short.
        return root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private static Option<int> Port(string name, string service, int usual)
    {
        var option = new Option<int>(name) { Description = $"{service}; 0 takes a free port.", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out var port) || port is < 0 or > 65535))
                result.AddError($"{name} must be 0 to 65535.");
        });
        return option;
    }
}
