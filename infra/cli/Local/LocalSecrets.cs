using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Proofgate.Cli.Local;

/// <summary>The secrets that the local run made for itself, beside its state file. Readable by their owner alone, which is the right to use them.</summary>
internal static class LocalSecrets
{
    internal const string Name = "secrets.json";

    private const string MasterName = "AuditMaster";
    private const int MaxBytes = 64 * 1024;

    /// <summary>Null where there is no local run, or none whose secrets can be read.</summary>
    internal static string? AuditMaster(CliHost host) => TryReadMaster(host, out var master, out _) ? master : null;

    internal static bool TryReadMaster(CliHost host, [NotNullWhen(true)] out string? master, [NotNullWhen(false)] out CliError? error)
    {
        (master, error) = (null, null);
        switch (StateFile.Find(host))
        {
            case StateSearch.Found found:
                return TryRead(Path.Combine(found.Folder, Name), out master, out error);
            case StateSearch.Unusable unusable:
                error = unusable.Error;
                return false;
            default:
                error = CliError.Usage(
                    "master_missing", $"no local run is known here: pass --master with --storage or --table-endpoint, or go to the folder of the local run ({StateFile.StartHint}).");
                return false;
        }
    }

    private static bool TryRead(string path, [NotNullWhen(true)] out string? master, [NotNullWhen(false)] out CliError? error)
    {
        (master, error) = (null, null);
        try
        {
            using var stream = File.OpenRead(path);
            using var json = stream.Length <= MaxBytes ? JsonDocument.Parse(stream) : null;
            master = json is { RootElement.ValueKind: JsonValueKind.Object } && json.RootElement.TryGetProperty(MasterName, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            // Said below.
        }

        error = master is null ? CliError.Unreachable("secrets_unusable", $"{path} cannot be read or holds no audit master key: pass --master.") : null;
        return error is null;
    }
}
