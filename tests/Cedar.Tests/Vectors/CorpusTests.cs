using System.Formats.Tar;
using System.IO.Compression;
using Xunit.Abstractions;

namespace Proofgate.Cedar.Tests.Vectors;

/// <summary>Cedar's published corpus, read straight out of its archive: every request of every test, exact.</summary>
[Trait("Category", "Vectors")]
public sealed class CorpusTests(ITestOutputHelper output)
{
    private static readonly string[] Parts = [".entities.json", ".json", ".cedar"];

    [VectorFact]
    public void Corpus_IsAnsweredExactly_ForEveryRequest()
    {
        var differences = new List<string>();
        var (cases, requests) = (0, 0);
        foreach (var (name, parts) in ReadTests())
        {
            var test = AuthorizationCase.Read(name, parts[".cedar"], parts[".entities.json"], parts[".json"], differences);
            cases++;
            requests += test?.Requests ?? 0;
            test?.Run(name, differences);
        }

        output.WriteLine($"Corpus: {cases} tests, {requests} requests, {differences.Count} differences.");
        Assert.True(differences.Count == 0, string.Join("\n", differences.Take(20)));
        Assert.NotEqual(0, requests);
    }

    /// <summary>A test is complete when its three parts have gone by, in whatever order.</summary>
    private static IEnumerable<(string Name, Dictionary<string, byte[]> Parts)> ReadTests()
    {
        using var file = File.OpenRead(VectorFolder.Cedar("corpus-half.tar.gz"));
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        using var archive = new TarReader(unzipped);
        var open = new Dictionary<string, Dictionary<string, byte[]>>();
        while (archive.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is null || Array.Find(Parts, part => entry.Name.EndsWith(part, StringComparison.Ordinal)) is not { } part)
                continue;

            var name = Path.GetFileName(entry.Name)[..^part.Length];
            if (!open.TryGetValue(name, out var parts))
                open.Add(name, parts = []);
            using var content = new MemoryStream();
            entry.DataStream.CopyTo(content);
            parts.Add(part, content.ToArray());
            if (parts.Count == Parts.Length && open.Remove(name))
                yield return (name, parts);
        }

        Assert.Empty(open);
    }
}
