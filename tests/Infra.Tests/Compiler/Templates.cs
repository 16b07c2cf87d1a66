using Proofgate.Support;

namespace Proofgate.Infra.Tests.Compiler;

/// <summary>A copy of infra/ that a test may break.</summary>
internal sealed class Templates : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    internal Templates()
    {
        foreach (var file in Files)
        {
            var copy = Of(file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(RepositoryRoot.Of("infra", file), copy);
        }
    }

    /// <summary>Paths below infra/.</summary>
    internal static IReadOnlyList<string> Files { get; } =
    [
        .. new[] { "main.bicep", "main.bicepparam", "bicepconfig.json" },
        .. Directory.EnumerateFiles(RepositoryRoot.Of("infra", "modules")).Select(static f => Path.Combine("modules", Path.GetFileName(f))).Order(StringComparer.Ordinal),
    ];

    internal string Of(string file) => _folder.Of(file);

    /// <summary>Replaces a text that stands there at least once.</summary>
    internal Templates With(string file, string text, string other)
    {
        var source = File.ReadAllText(Of(file));
        Assert.Contains(text, source, StringComparison.Ordinal);
        File.WriteAllText(Of(file), source.Replace(text, other, StringComparison.Ordinal));
        return this;
    }

    public void Dispose() => _folder.Dispose();
}
