using System.Diagnostics.CodeAnalysis;

namespace Proofgate.Policy.Bundles;

/// <summary>Reads the files of a bundle from a folder, bounded. Names that begin with a dot are left out, at any depth.</summary>
public static class BundleFolder
{
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file is not ours to read.</exception>
    public static bool TryRead(
        string folder, [NotNullWhen(true)] out IReadOnlyDictionary<string, byte[]>? files, [NotNullWhen(false)] out string? problem)
    {
        (files, problem) = (null, null);
        if (!File.Exists(Path.Combine(folder, ManifestFile.Name)))
        {
            problem = $"{Path.Combine(folder, ManifestFile.Name)} does not exist: a bundle is a folder with {ManifestFile.Name} and *.cedar files.";
            return false;
        }

        var found = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        long bytes = 0;
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(folder, path).Replace('\\', '/');
            if (name.Split('/').Any(static part => part.StartsWith('.')))
            {
                continue;
            }

            bytes += new FileInfo(path).Length;
            if (found.Count == BundleLoader.MaxFiles || bytes > BundleLoader.MaxBytes)
            {
                problem = $"A bundle may have {BundleLoader.MaxFiles} files and {BundleLoader.MaxBytes / 1024 / 1024} MiB; '{folder}' has more.";
                return false;
            }

            found.Add(name, File.ReadAllBytes(path));
        }

        files = found;
        return true;
    }
}
