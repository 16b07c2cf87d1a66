using System.Text.Json;

namespace Proofgate.Local.Setup;

/// <summary>Compares package-lock.json with <c>node_modules/.package-lock.json</c>, which npm writes as the last step of an installation.</summary>
internal sealed class PackageLock(string folder)
{
    internal bool IsInstalled()
    {
        using var wanted = Read(Path.Combine(folder, "package-lock.json"))
            ?? throw new LocalSetupException($"{folder} has no readable package-lock.json. Restore it with git checkout and run this again.");
        using var found = Read(Path.Combine(folder, "node_modules", ".package-lock.json"));
        if (found is null)
            return false;
        var installed = Packages(found);
        return Packages(wanted).All(package => IsRoot(package.Key) || IsOptional(package.Value)
            || (installed.TryGetValue(package.Key, out var other) && Text(package.Value, "integrity") == Text(other, "integrity")
                && Text(package.Value, "version") == Text(other, "version")));
    }

    private static bool IsRoot(string path) => path.Length == 0;

    /// <summary>Packages for other platforms are in the lock file and are not installed.</summary>
    private static bool IsOptional(JsonElement package) =>
        package.TryGetProperty("optional", out var optional) && optional.ValueKind == JsonValueKind.True;

    private static Dictionary<string, JsonElement> Packages(JsonDocument document) =>
        document.RootElement.GetProperty("packages").EnumerateObject().ToDictionary(static p => p.Name, static p => p.Value);

    private static string? Text(JsonElement package, string name) => package.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static JsonDocument? Read(string file)
    {
        try
        {
            var document = JsonDocument.Parse(File.ReadAllBytes(file));
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("packages", out _))
                return document;
            document.Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }
}
