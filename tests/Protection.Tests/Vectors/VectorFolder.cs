namespace Proofgate.Protection.Tests.Vectors;

/// <summary>Finds the published vectors beside the repository.</summary>
internal static class VectorFolder
{
    internal static string? Path { get; } = Find();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("PROOFGATE_VECTORS") is { Length: > 0 } named)
            return named;
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (!System.IO.Path.Exists(System.IO.Path.Combine(at.FullName, ".git")))
                continue;
            var beside = System.IO.Path.GetFullPath(System.IO.Path.Combine(at.FullName, "..", "shared", "vectors"));
            return Directory.Exists(beside) ? beside : null;
        }

        return null;
    }
}
