using System.Text.Json;

namespace Proofgate.Local;

/// <summary>The working copy that this program was built from: it holds package.json, and node_modules after the first run.</summary>
public static class Repository
{
    private const string PackageName = "proofgate";

    /// <summary>Walks up from the program's folder, then from the current one, to the package.json named "proofgate".</summary>
    /// <exception cref="LocalSetupException">There is none above either folder.</exception>
    public static string FindRoot() => FindRootAbove(AppContext.BaseDirectory, Environment.CurrentDirectory);

    internal static string FindRootAbove(params ReadOnlySpan<string> starts)
    {
        foreach (var start in starts)
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (IsRoot(folder.FullName))
                    return folder.FullName;
            }
        }

        throw new LocalSetupException(
            $"No package.json named \"{PackageName}\" was found above {string.Join(" or ", starts!)}. Run this from a clone of the repository.");
    }

    private static bool IsRoot(string folder)
    {
        try
        {
            using var package = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "package.json")));
            return package.RootElement.ValueKind == JsonValueKind.Object
                && package.RootElement.TryGetProperty("name", out var name)
                && name.ValueKind == JsonValueKind.String
                && name.ValueEquals(PackageName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return false;
        }
    }
}
