using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Proofgate.Cli.Doctor;

/// <summary>
/// The settings of an app in a file: <c>local.settings.json</c>, or what <c>az functionapp config appsettings list</c> prints. Values are used and never shown.
/// </summary>
internal static class SettingsFile
{
    private const int MaxBytes = 1 << 20;

    internal static bool TryRead(string path, [NotNullWhen(true)] out IConfigurationRoot? settings, [NotNullWhen(false)] out CliError? error)
    {
        settings = null;
        error = null;
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length <= MaxBytes)
            {
                using var document = JsonDocument.Parse(stream, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
                var values = Values(document.RootElement).Select(static v => KeyValuePair.Create(v.Key.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal), v.Value));
                settings = new ConfigurationBuilder().AddInMemoryCollection(values.DistinctBy(static v => v.Key, StringComparer.OrdinalIgnoreCase)).Build();
                return true;
            }

            error = CliError.Usage("settings_malformed", $"{path} is too large to be a settings file.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            error = CliError.Usage("settings_malformed", $"{path} is no settings file: local.settings.json, or what `az functionapp config appsettings list` prints.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = CliError.Unreachable("settings_unreadable", $"{path} cannot be read: check that it exists and is yours.");
        }

        return false;
    }

    private static IEnumerable<KeyValuePair<string, string?>> Values(JsonElement root) => root.ValueKind == JsonValueKind.Array
        ? root.EnumerateArray().Select(static s => KeyValuePair.Create(s.GetProperty("name").GetString()!, s.GetProperty("value").GetString()))
        : root.GetProperty("Values").EnumerateObject().Select(static s => KeyValuePair.Create(s.Name, s.Value.GetString()));
}
