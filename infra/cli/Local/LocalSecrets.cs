using System.Text.Json;

namespace Proofgate.Cli.Local;

/// <summary><c>.proofgate/secrets.json</c>: the secrets of the local run, which whoever may read that folder has already.</summary>
internal static class LocalSecrets
{
    internal const string Name = "secrets.json";

    private const int MaxBytes = 64 * 1024;

    /// <summary>The audit master key, base64; null where there is none that can be read.</summary>
    internal static string? AuditMaster(CliHost host)
    {
        if (StateFile.Find(host) is not StateSearch.Found found)
        {
            return null;
        }

        try
        {
            using var stream = File.OpenRead(Path.Combine(found.Folder, Name));
            return stream.Length > MaxBytes ? null : JsonSerializer.Deserialize(stream, CliJson.Default.DictionaryStringString)?.GetValueOrDefault("AuditMaster");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
