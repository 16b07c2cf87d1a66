using System.Text.RegularExpressions;
using Proofgate.Support;
using YamlDotNet.RepresentationModel;

namespace Proofgate.Infra.Tests.Workflows;

/// <summary>What a workflow of GitHub may do, and what of it is more than it needs.</summary>
internal static class Workflow
{
    /// <summary>Whole: a permission more is a finding, here or in the workflow.</summary>
    internal static readonly Dictionary<string, string[]> Permissions = new()
    {
        ["test.yml"] = ["contents: read"],
        ["deploy.yml"] = ["contents: read", "deploy/contents: read", "deploy/id-token: write"],
        ["release.yml"] = ["contents: read", "pack/attestations: write", "pack/contents: read", "pack/id-token: write", "publish/contents: write"],
    };

    private static readonly string[] Triggers = ["push", "pull_request", "workflow_dispatch"];

    internal static string Folder => RepositoryRoot.Of(".github", "workflows");

    /// <returns>One sentence for each finding.</returns>
    internal static IEnumerable<string> Find(string name, string text)
    {
        if (Regex.IsMatch(text, @"\bsecrets\b\s*[.\[]"))
        {
            yield return "it uses a secret";
        }

        foreach (Match uses in Regex.Matches(text, @"uses:\s*(\S+)"))
        {
            if (!Regex.IsMatch(uses.Groups[1].Value, @"^(actions|azure|Azure)/[\w-]+@v\d+$"))
            {
                yield return $"{uses.Groups[1].Value} is of somebody else, or its major version is not said";
            }
        }

        var root = Parse(text);
        foreach (var trigger in Keys(root, "on").Except(Triggers))
        {
            yield return $"it is started by {trigger}";
        }

        var found = PermissionsOf(root).Order(StringComparer.Ordinal).ToList();
        if (!Permissions.TryGetValue(name, out var expected) || !found.SequenceEqual(expected.Order(StringComparer.Ordinal)))
        {
            yield return $"its permissions are {string.Join(", ", found)}";
        }

        foreach (var step in Steps(root))
        {
            if (Text(step, "run") is { } run && run.Contains("${{", StringComparison.Ordinal))
            {
                yield return "a script has an expression in it: what stands there is run";
            }

            if (Text(step, "uses")?.StartsWith("actions/checkout@", StringComparison.Ordinal) == true
                && (!step.Children.TryGetValue("with", out var with) || Text((YamlMappingNode)with, "persist-credentials") != "false"))
            {
                yield return "a checkout leaves its token behind";
            }
        }
    }

    private static YamlMappingNode Parse(string text)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        return (YamlMappingNode)yaml.Documents.Single().RootNode;
    }

    private static IEnumerable<string> PermissionsOf(YamlMappingNode root)
    {
        foreach (var permission in Granted(root))
        {
            yield return permission;
        }

        foreach (var (job, body) in Jobs(root))
        {
            foreach (var permission in Granted(body))
            {
                yield return $"{job}/{permission}";
            }
        }
    }

    /// <summary>Left out, the repository's default holds, which may be everything.</summary>
    private static IEnumerable<string> Granted(YamlMappingNode node) => !node.Children.TryGetValue("permissions", out var granted) ? [] : granted switch
    {
        YamlMappingNode each => each.Select(static p => $"{p.Key}: {p.Value}"),
        _ => [granted.ToString()],
    };

    private static IEnumerable<(string Name, YamlMappingNode Body)> Jobs(YamlMappingNode root) =>
        ((YamlMappingNode)root.Children["jobs"]).Select(static j => (j.Key.ToString(), (YamlMappingNode)j.Value));

    private static IEnumerable<YamlMappingNode> Steps(YamlMappingNode root) =>
        Jobs(root).SelectMany(static j => ((YamlSequenceNode)j.Body.Children["steps"]).Cast<YamlMappingNode>());

    private static IEnumerable<string> Keys(YamlMappingNode node, string name) => node.Children[name] switch
    {
        YamlMappingNode map => map.Children.Keys.Select(static k => k.ToString()),
        YamlSequenceNode list => list.Select(static k => k.ToString()),
        var one => [one.ToString()],
    };

    private static string? Text(YamlMappingNode node, string name) => node.Children.TryGetValue(name, out var value) ? value.ToString() : null;
}
