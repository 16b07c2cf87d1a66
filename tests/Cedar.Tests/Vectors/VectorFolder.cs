namespace Proofgate.Cedar.Tests.Vectors;

/// <summary>Finds the published vectors beside the repository.</summary>
internal static class VectorFolder
{
    public static string? Path { get; } = Find();

    /// <summary>A path in the folder <c>cedar</c> of the vectors.</summary>
    public static string Cedar(string relative) => System.IO.Path.Combine(Path!, "cedar", relative);

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("PROOFGATE_VECTORS") is { Length: > 0 } named)
            return named;

        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (!Directory.Exists(System.IO.Path.Combine(at.FullName, ".git")))
                continue;

            var beside = System.IO.Path.GetFullPath(System.IO.Path.Combine(at.FullName, "..", "shared", "vectors"));
            return Directory.Exists(beside) ? beside : null;
        }

        return null;
    }
}
