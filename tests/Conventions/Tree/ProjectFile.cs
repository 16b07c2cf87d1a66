using System.Xml.Linq;

namespace Proofgate.Conventions.Tree;

/// <summary>A project with what the files that it imports by a plain path add to it.</summary>
internal sealed record ProjectFile(
    string Path, IReadOnlyList<(string Path, int Line)> References, IReadOnlyList<string> Packages, IReadOnlyList<string> Friends)
{
    /// <summary>Every project of the repository by its path.</summary>
    internal static IReadOnlyDictionary<string, ProjectFile> All { get; } = Repository.Texts
        .Where(static t => t.Path.EndsWith(".csproj", StringComparison.Ordinal))
        .Select(static t => Parse(t, Repository.Text))
        .ToDictionary(static p => p.Path);

    /// <summary><c>shared/Audit</c> for <c>shared/Audit/Audit.csproj</c>.</summary>
    internal string Folder => Path[..Path.LastIndexOf('/')];

    internal static ProjectFile Parse(TextFile file, Func<string, TextFile> import)
    {
        var document = XDocument.Parse(file.Text, LoadOptions.SetLineInfo);
        var items = document.Descendants("Import").Attributes("Project").Select(static a => a.Value)
            .Where(static p => !p.Contains('$'))
            .Select(p => XDocument.Parse(import(Resolve(file.Path, p)).Text))
            .Append(document)
            .SelectMany(static d => d.Descendants())
            .ToList();
        return new ProjectFile(
            file.Path,
            [.. items.Where(static e => e.Name == "ProjectReference").Select(e => (Resolve(file.Path, e.Attribute("Include")!.Value), ((System.Xml.IXmlLineInfo)e).LineNumber))],
            [.. Included("PackageReference")],
            [.. Included("InternalsVisibleTo")]);

        IEnumerable<string> Included(string kind) => items.Where(e => e.Name == kind).Select(static e => e.Attribute("Include")!.Value);
    }

    /// <summary>This project and all that it references, however far.</summary>
    internal IReadOnlyList<ProjectFile> Closure(IReadOnlyDictionary<string, ProjectFile> all)
    {
        var seen = new Dictionary<string, ProjectFile>();
        var open = new Stack<ProjectFile>([this]);
        while (open.TryPop(out var next))
        {
            if (seen.TryAdd(next.Path, next))
                next.References.Where(r => all.ContainsKey(r.Path)).ToList().ForEach(r => open.Push(all[r.Path]));
        }

        return [.. seen.Values];
    }

    private static string Resolve(string from, string relative)
    {
        var parts = new List<string>(from.Split('/')[..^1]);
        foreach (var part in relative.Replace('\\', '/').Split('/'))
        {
            if (part == "..")
                parts.RemoveAt(parts.Count - 1);
            else
                parts.Add(part);
        }

        return string.Join('/', parts);
    }
}
