using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Proofgate.Policy.Testing;

namespace Proofgate.Policy.Bundles;

/// <summary>
/// Reads a bundle and checks it whole before any of it is used: the manifest, each room's section of it, the policies, the policies against the
/// schema, and then its own tests. What is loaded has passed them.
/// </summary>
public sealed class BundleLoader(IEnumerable<IBundleSection> sections)
{
    /// <summary>Bytes of all files of a bundle together.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>Files in a bundle.</summary>
    public const int MaxFiles = 1000;

    /// <summary>Reads a folder as it stands now.</summary>
    public BundleLoad LoadFolder(string folder) => BundleFolder.TryRead(folder, out var files, out var problem) ? Load(files) : new BundleLoad.Rejected([problem]);

    /// <summary>Reads a bundle from its files, by relative path, and runs its tests.</summary>
    public BundleLoad Load(IReadOnlyDictionary<string, byte[]> files) =>
        LoadUntested(files) switch
        {
            BundleLoad.Loaded loaded when BundleTests.Run(loaded.Bundle, files) is { Passed: false } report => new BundleLoad.Rejected(report.Faults),
            var load => load,
        };

    /// <summary>The same without the tests, for whoever runs them to show what they find.</summary>
    public BundleLoad LoadUntested(IReadOnlyDictionary<string, byte[]> files)
    {
        if (!ManifestFile.TryParse(files, out var document, out var problem))
        {
            return new BundleLoad.Rejected([problem]);
        }

        using (document)
        {
            return Load(files, document.RootElement);
        }
    }

    private BundleLoad Load(IReadOnlyDictionary<string, byte[]> files, JsonElement root)
    {
        var problems = new List<string>();
        var labels = ManifestFile.ReadLabels(root, problems);
        var reader = new BundleReader(root, labels, problems);
        var manifest = ManifestFile.Read(root, reader);
        var parts = sections.Select(s => s.Read(reader)).ToDictionary(static p => p.GetType());
        reader.RefuseUnknown(ManifestFile.Members);
        var policies = PolicyFiles.Read(files, problems);
        // What a faulty part would declare is not what its author meant.
        List<IBundleQuestions> asking = problems.Count == 0 ? [.. parts.Values.OfType<IBundleQuestions>()] : [];
        var schema = SchemaFile.Read(files, asking, problems);
        if (schema is not null)
        {
            SchemaFile.Check(schema, policies, asking, problems);
        }

        return problems.Count == 0
            ? new BundleLoad.Loaded(new PolicyBundle(
                manifest.Name, Digest(files), policies, labels, manifest.TimeZone, manifest.DecisionLifetime, manifest.KindLabels, parts, schema!.PlainReaderOf(Vocabulary.UseTool, "arguments")))
            : new BundleLoad.Rejected(problems);
    }

    internal static string Digest(IReadOnlyDictionary<string, byte[]> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, content) in files.OrderBy(static f => f.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0{Convert.ToHexStringLower(SHA256.HashData(content))}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
