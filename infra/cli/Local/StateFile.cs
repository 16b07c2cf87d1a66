using System.Text.Json;

namespace Proofgate.Cli.Local;

/// <summary>Finds and reads the file that the local run leaves for this command.</summary>
internal static class StateFile
{
    internal const string FolderName = ".proofgate";
    internal const string Name = "state.json";
    internal const string StartHint = "start it with `dotnet run --project functions/SelfHost`";

    private const int MaxBytes = 64 * 1024;

    /// <summary>Environment variable with the folder itself, for a local run that was started with <c>--state</c>.</summary>
    internal const string Variable = "PROOFGATE_STATE";

    /// <summary>Looks where the variable says; else from the current folder upwards, where the first file found counts.</summary>
    internal static StateSearch Find(CliHost host)
    {
        if (host.Variable(Variable) is { Length: > 0 } named)
        {
            return File.Exists(Path.Combine(named, Name)) ? Read(named) : Unusable(Path.Combine(named, Name), $"does not exist, though {Variable} names its folder");
        }

        for (var folder = new DirectoryInfo(host.Folder); folder is not null; folder = folder.Parent)
        {
            var home = Path.Combine(folder.FullName, FolderName);
            if (File.Exists(Path.Combine(home, Name)))
            {
                return Read(home);
            }
        }

        return new StateSearch.Absent();
    }

    private static StateSearch Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > MaxBytes)
            {
                return Unusable(path, "is too large to be one");
            }

            var state = JsonSerializer.Deserialize(stream, CliJson.Default.LocalState);
            return state switch
            {
                null => Unusable(path, "is empty"),
                { Version: not LocalState.CurrentVersion } => Unusable(path, $"has version {state.Version}, which this proofgate does not know"),
                // Anybody who can write to a folder above could leave such a file: it may name this machine and no other.
                _ when !Uri.TryCreate(state.Gateway, UriKind.Absolute, out var gateway) || !gateway.IsLoopback =>
                    Unusable(path, "names a gateway that is not on this machine; pass --gateway for that"),
                _ => new StateSearch.Found(state, folder),
            };
        }
        catch (JsonException)
        {
            return Unusable(path, "is not a state file");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return Unusable(path, "cannot be read");
        }
    }

    private static StateSearch.Unusable Unusable(string path, string why) =>
        new(CliError.Unreachable("state_unusable", $"{path} {why}: delete it and start the gateway again, or pass --gateway URL."));
}
