using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Proofgate.Local.Hub;

namespace Proofgate.Local;

/// <summary>The "Values" of local.settings.json that depend on the ports.</summary>
internal static class LocalSettings
{
    private const string Sample = "local.settings.sample.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static JsonObject Of(HubBroker hub, string name, AzuriteServer? storage)
    {
        var values = new JsonObject();
        if (storage is not null)
        {
            values["AzureWebJobsStorage"] = storage.ConnectionString;
            values["Proofgate__Storage__ConnectionString"] = storage.ConnectionString;
        }

        values["Proofgate__Audit__Hub"] = name;
        values["Proofgate__EventHubs__Connection"] = hub.ConnectionString;
        return values;
    }

    internal static string Text(JsonObject values) => values.ToJsonString(Indented);

    /// <summary>Sets these values in a settings file and leaves its others; a new one begins as the repository's sample.</summary>
    /// <exception cref="LocalSetupException">The file, or the sample, cannot be read or written.</exception>
    internal static void Write(string file, JsonObject values)
    {
        try
        {
            var source = File.Exists(file) ? file : Path.Combine(Repository.FindRoot(), Sample);
            if (JsonNode.Parse(File.ReadAllText(source)) is not JsonObject settings || settings["Values"] is not JsonObject all)
                throw new LocalSetupException($"{source} has no \"Values\". Restore it, or remove it and run this again.");
            foreach (var (name, value) in values)
                all[name] = value!.DeepClone();
            // Beside it first: a full disk must not leave half a file in the place of somebody's settings.
            File.WriteAllText(file + ".new", settings.ToJsonString(Indented) + "\n");
            File.Move(file + ".new", file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new LocalSetupException($"{file} cannot be written: {e.Message}", e);
        }
    }
}
