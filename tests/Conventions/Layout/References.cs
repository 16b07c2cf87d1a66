using Proofgate.Conventions.Tree;

namespace Proofgate.Conventions.Layout;

/// <summary>References run one way, as DESIGN.md ("The house") lists them.</summary>
internal static class References
{
    /// <summary>What a room may reference; what those reference is allowed with them.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Cedar"] = [],
        ["Outbound"] = [],
        ["Identity"] = ["Outbound"],
        ["Audit"] = ["Outbound"],
        ["Protection"] = [],
        ["Client"] = [],
        ["Policy"] = ["Cedar", "Identity"],
        ["Enforcement"] = ["Identity", "Policy", "Audit", "Protection"],
        ["Inference"] = ["Enforcement", "Outbound"],
        ["Data"] = ["Enforcement", "Outbound"],
        ["Http"] = ["Enforcement", "Inference", "Data"],
        ["AzureStores"] = ["Identity", "Policy", "Audit", "Enforcement"],
        ["EventHubs"] = ["Audit"],
    };

    internal static IEnumerable<Offence> Find(IReadOnlyDictionary<string, ProjectFile> projects) => projects.Values.SelectMany(p => p.Path.Split('/')[0] switch
    {
        "shared" => OfRoom(p, projects),
        "functions" or "infra" => Direct(p, static to => !to.StartsWith("tests/", StringComparison.Ordinal), "nothing that ships references a test"),
        "tests" => [],
        _ => [new Offence(p.Path, 1, "projects live in functions, shared, infra or tests")],
    });

    private static IEnumerable<Offence> OfRoom(ProjectFile room, IReadOnlyDictionary<string, ProjectFile> projects)
    {
        var name = room.Folder.Split('/')[^1];
        if (!Allowed.ContainsKey(name))
            return [new Offence(room.Path, 1, $"{name} is no room of DESIGN.md")];
        var allowed = Reach(name);
        var far = room.Closure(projects).Select(static p => p.Path).Except(room.References.Select(static r => r.Path)).Where(p => p != room.Path)
            .Where(p => !IsAllowed(p)).Select(p => new Offence(room.Path, 1, $"reaches {p} through another room"));
        return Direct(room, IsAllowed, $"{name} may reference {(allowed.Count == 0 ? "nothing of ours" : string.Join(", ", allowed.Order()))}").Concat(far);

        bool IsAllowed(string path) => path.Split('/') is ["shared", var to, _] && allowed.Contains(to);
    }

    private static IEnumerable<Offence> Direct(ProjectFile project, Func<string, bool> allowed, string rule) =>
        project.References.Where(r => !allowed(r.Path)).Select(r => new Offence(project.Path, r.Line, $"references {r.Path}: {rule}"));

    private static HashSet<string> Reach(string room) =>
        [.. Allowed.GetValueOrDefault(room, []).SelectMany(static to => Reach(to).Append(to))];
}
