using System.Text.Json.Nodes;
using Proofgate.Cedar;
using Proofgate.Cli.Policies;
using Proofgate.Policy.Testing;

namespace Proofgate.Cli.Output;

/// <summary>What <c>policy diff --json</c> prints.</summary>
internal sealed record PolicyDiffDocument
{
    public required Side Old { get; init; }

    public required Side New { get; init; }

    /// <summary>Ids of policies.</summary>
    public required IReadOnlyList<string> Added { get; init; }

    public required IReadOnlyList<string> Removed { get; init; }

    public required IReadOnlyList<Edited> Changed { get; init; }

    public required int DecisionCount { get; init; }

    /// <summary>Combinations of the tests that are decided otherwise.</summary>
    public required IReadOnlyList<Decision> Decisions { get; init; }

    /// <summary>Test files that one of the two bundles cannot run.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    private static readonly string[] Scope = ["principal", "action", "resource"];

    internal sealed record Side(string Folder, string Digest);

    /// <param name="What"><c>effect</c>, <c>scope</c>, <c>conditions</c>, <c>annotations</c>.</param>
    internal sealed record Edited(string Id, IReadOnlyList<string> What);

    internal sealed record Decision(string File, string Principal, string Action, string Resource, string Context, PolicyAnswer Before, PolicyAnswer After);

    internal static PolicyDiffDocument Of(BundleOutcome.Loaded before, BundleOutcome.Loaded after)
    {
        var old = before.Bundle.All.Policies.ToDictionary(static p => p.Id, StringComparer.Ordinal);
        var young = after.Bundle.All.Policies.ToDictionary(static p => p.Id, StringComparer.Ordinal);
        var decisions = new List<Decision>();
        var notes = new List<string>();
        Compare(before, after, after.Files, decisions, notes);
        // Tests that were removed or changed still say what the old bundle was for.
        Compare(before, after, before.Files.Where(f => !after.Files.TryGetValue(f.Key, out var same) || !same.AsSpan().SequenceEqual(f.Value)), decisions, notes);
        return new PolicyDiffDocument
        {
            Old = new Side(before.Folder, before.Bundle.Digest),
            New = new Side(after.Folder, after.Bundle.Digest),
            Added = [.. young.Keys.Except(old.Keys).Order(StringComparer.Ordinal)],
            Removed = [.. old.Keys.Except(young.Keys).Order(StringComparer.Ordinal)],
            Changed = [.. old.Values.Where(p => young.ContainsKey(p.Id)).Select(p => new Edited(p.Id, Differences(p, young[p.Id])))
                .Where(static c => c.What.Count > 0).OrderBy(static c => c.Id, StringComparer.Ordinal)],
            DecisionCount = decisions.Count,
            Decisions = [.. decisions.Take(Listed.Most)],
            Notes = notes,
        };
    }

    private static void Compare(
        BundleOutcome.Loaded before, BundleOutcome.Loaded after, IEnumerable<KeyValuePair<string, byte[]>> files, List<Decision> decisions, List<string> notes)
    {
        var tests = files.Where(static f => BundleTests.IsTest(f.Key)).ToDictionary(static f => f.Key, static f => f.Value);
        var (old, young) = (BundleTests.Run(before.Bundle, tests), BundleTests.Run(after.Bundle, tests));
        notes.AddRange(old.Problems.Select(p => $"{before.Folder}: {p}").Concat(young.Problems.Select(p => $"{after.Folder}: {p}")).Except(notes));
        var earlier = old.Cases.ToDictionary(static c => (c.File, c.Principal, c.Action, c.Resource, c.Context), static c => c.Decision);
        foreach (var now in young.Cases)
        {
            if (earlier.TryGetValue((now.File, now.Principal, now.Action, now.Resource, now.Context), out var then)
                && (then.Allowed != now.Decision.Allowed || !then.Policies.ToHashSet().SetEquals(now.Decision.Policies)))
            {
                var change = new Decision(
                    now.File, now.Principal, now.Action, now.Resource, now.Context, PolicyAnswer.Of(then), PolicyAnswer.Of(now.Decision));
                if (!decisions.Exists(d => d.File == change.File && d.Principal == change.Principal && d.Action == change.Action
                    && d.Resource == change.Resource && d.Context == change.Context))
                {
                    decisions.Add(change);
                }
            }
        }
    }

    /// <summary>By Cedar's JSON, where spelling does not count.</summary>
    private static List<string> Differences(Cedar.Policy old, Cedar.Policy young)
    {
        var (a, b) = (JsonNode.Parse(PolicyJson.Write(old))!.AsObject(), JsonNode.Parse(PolicyJson.Write(young))!.AsObject());
        var differences = new List<string>();
        if (!JsonNode.DeepEquals(a["effect"], b["effect"]))
        {
            differences.Add("effect");
        }

        if (!Scope.All(part => JsonNode.DeepEquals(a[part], b[part])))
        {
            differences.Add("scope");
        }

        if (!JsonNode.DeepEquals(a["conditions"], b["conditions"]))
        {
            differences.Add("conditions");
        }

        if (!JsonNode.DeepEquals(a["annotations"], b["annotations"]))
        {
            differences.Add("annotations");
        }

        return differences;
    }
}
