namespace Proofgate.Conventions.Tree;

/// <summary>The working copy, read once.</summary>
internal static class Repository
{
    private static readonly string[] Ignored = [".git", "bin", "obj", "node_modules", ".proofgate", "TestResults", "BenchmarkDotNet.Artifacts", ".vs"];

    private static readonly string[] TextKinds =
        [".cs", ".csproj", ".props", ".targets", ".sln", ".slnf", ".json", ".md", ".mjs", ".js", ".yml", ".cedar", ".cedarschema", ".bicep", ".bicepparam", ".editorconfig", ".npmrc", ".gitignore", ""];

    internal static string Root { get; } = FindRoot();

    /// <summary>Every text file that is ours.</summary>
    internal static IReadOnlyList<TextFile> Texts { get; } =
    [
        .. Walk(new DirectoryInfo(Root))
            .Where(static f => f.Name != "local.settings.json" && TextKinds.Contains(f.Extension == f.Name ? f.Name : f.Extension))
            .Select(static f => new TextFile(Path.GetRelativePath(Root, f.FullName).Replace('\\', '/'), File.ReadAllText(f.FullName))),
    ];

    internal static IReadOnlyList<CSharpFile> CSharp { get; } = [.. Texts.Where(static t => t.Path.EndsWith(".cs", StringComparison.Ordinal)).Select(CSharpFile.Parse)];

    internal static TextFile Text(string path) => Texts.Single(t => t.Path == path);

    internal static IEnumerable<CSharpFile> In(params IEnumerable<string> folders) =>
        CSharp.Where(f => folders.Any(folder => f.Path.StartsWith(folder + "/", StringComparison.Ordinal)));

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder) => folder.EnumerateFiles()
        .Concat(folder.EnumerateDirectories().Where(static d => !Ignored.Contains(d.Name)).SelectMany(Walk));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Serverless.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The tests run outside the repository.");
    }
}
