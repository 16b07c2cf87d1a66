using System.CommandLine;
using Proofgate.Local.Hub;

namespace Proofgate.Local;

/// <summary>The hub and the storage that <c>func start</c> needs, until Ctrl-C.</summary>
internal static class Program
{
    private const int MaxHubs = 10;

    private static Task<int> Main(string[] args)
    {
        var data = new Option<string?>("--data") { Description = "Folder for the data. Default: .proofgate/local in the repository." };
        var hubPort = Number("--hub-port", "Event Hubs compatible broker; 0 takes a free port.", 5672, 0, 65535);
        var blob = Number("--blob-port", "Blob service; 0 takes a free port.", 10000, 0, 65535);
        var queue = Number("--queue-port", "Queue service; 0 takes a free port.", 10001, 0, 65535);
        var table = Number("--table-port", "Table service; 0 takes a free port.", 10002, 0, 65535);
        var hubs = Names("--hub", "A hub to serve; may be repeated. The first is the one in the settings.", "audit");
        var groups = Names("--consumer-group", "A consumer group beside $Default; may be repeated.", "history");
        var partitions = Number("--partitions", "Partitions of a new hub.", new HubOptions { DataFolder = "" }.Partitions, 1, 32);
        var disk = Number("--hub-disk-mb", "Megabytes that each hub may take on disk; then it refuses.", (int)(new HubOptions { DataFolder = "" }.MaxDiskBytes >> 20), 64, 1 << 20);
        var noStorage = new Option<bool>("--no-storage") { Description = "Only the hub: an Azurite runs already." };
        var write = new Option<string?>("--write-settings")
        {
            Description = "Set the printed values in local.settings.json (or the file named), which begins as a copy of the sample.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var root = new RootCommand(
            "What `func start` needs: an Event Hubs compatible broker, and storage (Azurite, installed on first use), on 127.0.0.1. For development. Ctrl-C ends both.")
        {
            data, hubPort, blob, queue, table, hubs, groups, partitions, disk, noStorage, write,
        };
        root.SetAction((parsed, cancellationToken) => LocalRun.RunAsync(
            () =>
            {
                var folder = parsed.GetValue(data) ?? Path.Combine(Repository.FindRoot(), ".proofgate", "local");
                return new LocalOptions
                {
                    Hub = new HubOptions
                    {
                        DataFolder = Path.GetFullPath(Path.Combine(folder, "hubs")),
                        Port = parsed.GetValue(hubPort),
                        Hubs = [.. parsed.GetValue(hubs)!.Distinct(StringComparer.Ordinal)],
                        ConsumerGroups = parsed.GetValue(groups)!,
                        Partitions = parsed.GetValue(partitions),
                        MaxDiskBytes = (long)parsed.GetValue(disk) << 20,
                    },
                    Storage = parsed.GetValue(noStorage) ? null : new AzuriteOptions
                    {
                        DataFolder = folder,
                        BlobPort = parsed.GetValue(blob),
                        QueuePort = parsed.GetValue(queue),
                        TablePort = parsed.GetValue(table),
                    },
                    SettingsFile = parsed.GetResult(write) is null ? null : Path.GetFullPath(parsed.GetValue(write) ?? Path.Combine(Repository.FindRoot(), "local.settings.json")),
                };
            },
            cancellationToken));

        // LocalRun ends the storage itself and in its own time: a second Ctrl-C must not cut its saving short.
        return root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private static Option<int> Number(string name, string what, int usual, int low, int high)
    {
        var option = new Option<int>(name) { Description = what, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out var number) || number < low || number > high))
                result.AddError($"{name} must be {low} to {high}.");
        });
        return option;
    }

    private static Option<string[]> Names(string name, string what, string usual)
    {
        var option = new Option<string[]>(name) { Description = what, DefaultValueFactory = _ => [usual] };
        option.Validators.Add(result =>
        {
            // They become folders, and the first part of the ledger's partition keys.
            if (result.Tokens.Count > MaxHubs || result.Tokens.Any(static t => t.Value is not { Length: >= 1 and <= 50 } text
                || text[0] == '-' || text[^1] == '-' || !text.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')))
                result.AddError($"{name} must be 1 to 50 characters of a-z, 0-9 and inner hyphens, and given at most {MaxHubs} times.");
        });
        return option;
    }
}
