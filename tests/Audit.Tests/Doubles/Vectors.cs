namespace Proofgate.Audit.Tests.Doubles;

/// <summary>The folder of published test data, where there is one.</summary>
internal static class Vectors
{
    internal static string? Folder { get; } = Find();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("PROOFGATE_VECTORS") is { Length: > 0 } named)
            return Directory.Exists(named) ? named : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Serverless.sln")) || File.Exists(Path.Combine(folder.FullName, "global.json")))
            {
                var vectors = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "vectors"));
                return Directory.Exists(vectors) ? vectors : null;
            }
        }

        return null;
    }
}
