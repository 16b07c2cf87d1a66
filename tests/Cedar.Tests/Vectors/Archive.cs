using System.Formats.Tar;
using System.IO.Compression;

namespace Proofgate.Cedar.Tests.Vectors;

/// <summary>Reads archives of the vectors without unpacking them.</summary>
internal static class Archive
{
    /// <summary>Tests of several files each. One is complete when all its parts have gone by, in whatever order.</summary>
    public static IEnumerable<(string Name, Dictionary<string, byte[]> Parts)> Read(string archiveName, string[] parts)
    {
        using var file = File.OpenRead(VectorFolder.Cedar(archiveName));
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        using var archive = new TarReader(unzipped);
        var open = new Dictionary<string, Dictionary<string, byte[]>>();
        while (archive.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is null || Array.Find(parts, part => entry.Name.EndsWith(part, StringComparison.Ordinal)) is not { } part)
                continue;

            var name = Path.GetFileName(entry.Name)[..^part.Length];
            if (!open.TryGetValue(name, out var found))
                open.Add(name, found = []);
            using var content = new MemoryStream();
            entry.DataStream.CopyTo(content);
            found.Add(part, content.ToArray());
            if (found.Count == parts.Length && open.Remove(name))
                yield return (name, found);
        }

        Assert.Empty(open);
    }
}
