using System.Text.Json;
using Proofgate.Support;

namespace Proofgate.Identity.Tests.Vectors;

/// <summary>The folder of published test data, where there is one.</summary>
internal static class VectorFolder
{
    internal static string? Path { get; } = Find();

    /// <summary>The groups of a file of Wycheproof, whichever part of it is here.</summary>
    internal static IEnumerable<JsonElement> Groups(string file)
    {
        foreach (var path in Directory.EnumerateFiles(System.IO.Path.Combine(Path!, "wycheproof"), file + "*.json"))
        {
            foreach (var group in JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("testGroups").EnumerateArray())
            {
                yield return group;
            }
        }
    }

    private static string? Find()
    {
        var named = Environment.GetEnvironmentVariable("PROOFGATE_VECTORS");
        var folder = named is { Length: > 0 } ? named : RepositoryRoot.Of("..", "shared", "vectors");
        return Directory.Exists(folder) ? folder : null;
    }
}
