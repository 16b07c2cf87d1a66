using System.Text.Json;
using Proofgate.Cedar;

namespace Proofgate.Policy.Testing;

/// <summary>Reads a test file strictly: every fault with its path, and nothing of a file with a fault.</summary>
internal static class TestFileReader
{
    private static readonly JsonDocumentOptions Strict = new()
    {
        AllowDuplicateProperties = false,
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        MaxDepth = 32,
    };

    /// <param name="room">How many combinations it may have.</param>
    /// <returns>Null if it has a fault, which is then among <paramref name="problems"/>.</returns>
    internal static TestFile? Read(
        string name, byte[] content, PolicyBundle bundle, ILookup<(string Type, string Name), Entity> resources, int room, List<BundleTestProblem> problems)
    {
        var before = problems.Count;
        try
        {
            using var document = JsonDocument.Parse(content, Strict);
            var file = Read(name, new TestNode(name, string.Empty, document.RootElement, problems), bundle, resources, room);
            return problems.Count == before ? file : null;
        }
        catch (JsonException e)
        {
            problems.Add(new BundleTestProblem(name, string.Empty, $"is not valid JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine})."));
        }
        catch (InvalidOperationException)
        {
            // The parser lets bad UTF-8 and lone surrogates pass; reading such a text fails.
            problems.Add(new BundleTestProblem(name, string.Empty, "has a text that is not Unicode."));
        }

        return null;
    }

    private static TestFile Read(string name, TestNode root, PolicyBundle bundle, ILookup<(string Type, string Name), Entity> resources, int room)
    {
        _ = root.Text("title");
        if (!root.Has("now"))
        {
            root.Problem("needs the member `now`: the clock does not run in tests.");
        }

        var now = root.Time("now") ?? DateTimeOffset.UnixEpoch;
        var principals = root.Objects("principals");
        var actions = root.Texts("actions") ?? [];
        var things = root.Objects("resources");
        var contexts = ReadContexts(root, bundle.Labels, now);
        var cases = root.List("cases");
        foreach (var (member, count) in new[] { ("principals", principals.Count), ("actions", actions.Count), ("resources", things.Count), ("cases", cases.Count) })
        {
            if (count == 0)
            {
                root.Problem($"needs the member `{member}`, with at least one in it.");
            }
        }

        root.RefuseOthers();
        var file = new TestFile
        {
            Name = name,
            Principals = new PrincipalReader(bundle.Labels).Read(principals),
            Actions = actions,
            Resources = new ResourceReader(bundle.Labels, resources).Read(things),
            Contexts = contexts,
            Expectations = [],
        };
        var names = new Dictionary<string, IReadOnlyList<string>>
        {
            ["principals"] = [.. principals.Select(static p => p.Name)],
            ["actions"] = actions,
            ["resources"] = [.. things.Select(static r => r.Name)],
            ["contexts"] = [.. contexts.Select(static c => c.Name)],
        };
        file = file with { Expectations = [.. cases.Select(c => ReadCase(c, names))] };
        FindUnused(root, file, names);
        if (file.Combinations > room)
        {
            root.Problem($"has {file.Combinations} combinations; all tests together may have {BundleTests.MaxCombinations}: select fewer, in more files.");
            return file;
        }

        FindContradictions(root, file);
        return file;
    }

    private static List<TestContext> ReadContexts(TestNode root, LabelScale labels, DateTimeOffset now)
    {
        var shared = root.Object("base");
        var contexts = root.Objects("contexts").Select(c => ReadContext(c.Name, shared is null ? c.Node : c.Node.With(shared), labels, now)).ToList();
        if (shared is not null)
        {
            var only = ReadContext("base", shared, labels, now);
            return contexts.Count == 0 ? [only] : contexts;
        }

        return contexts.Count > 0 ? contexts : [new TestContext("base", new CallFacts { Label = 0 }, now)];
    }

    private static TestContext ReadContext(string name, TestNode node, LabelScale labels, DateTimeOffset now)
    {
        var facts = new CallFacts
        {
            Label = node.Rank("label", labels) ?? 0,
            Kinds = node.Texts("kinds") ?? [],
            Opaque = node.Flag("opaque") ?? false,
            Stream = node.Flag("stream") ?? false,
            DeclaredPurpose = node.Text("declaredPurpose"),
            Arguments = node.Record("arguments"),
            Lineage = ReadLineage(node),
            Session = node.Flag("session") ?? false,
        };
        var context = new TestContext(name, facts, node.Time("now") ?? now)
        {
            Address = PrincipalReader.ReadAddress(node),
            Bound = node.Flag("bound"),
            Acr = node.Text("acr"),
            Age = node.Duration("age"),
        };
        node.RefuseOthers();
        return context;
    }

    /// <summary>A list that is empty is a token that names no dataset.</summary>
    private static LineageFacts? ReadLineage(TestNode node)
    {
        var complete = node.Flag("lineageComplete");
        var datasets = node.Texts("lineage");
        if (datasets is null && complete is not null)
        {
            node.Problem("lineageComplete", "says something of `lineage`, which is not there.");
        }

        return datasets is null ? null : new LineageFacts(datasets, complete ?? true);
    }

    private static TestExpectation ReadCase(TestNode node, Dictionary<string, IReadOnlyList<string>> names)
    {
        var expect = node.Required("expect");
        if (expect is not ("allow" or "deny" or ""))
        {
            node.Problem("expect", "must be \"allow\" or \"deny\".");
        }

        var expectation = new TestExpectation
        {
            Name = node.Required("name"),
            Path = node.Path,
            Allow = expect == "allow",
            Because = node.Texts("because"),
            StepUp = ReadStepUp(node),
            Principals = Select(node, "principals", names),
            Actions = Select(node, "actions", names),
            Resources = Select(node, "resources", names),
            Contexts = Select(node, "contexts", names),
        };
        node.RefuseOthers();
        return expectation;
    }

    private static HashSet<string>? Select(TestNode node, string member, Dictionary<string, IReadOnlyList<string>> names)
    {
        if (node.IsAll(member))
        {
            return null;
        }

        var selected = node.Texts(member)!;
        foreach (var name in selected.Where(n => !names[member].Contains(n, StringComparer.Ordinal)))
        {
            node.Problem(member, $"has '{name}', which is not among the {member} of this file ({string.Join(", ", names[member].Take(20))}).");
        }

        return new HashSet<string>(selected, StringComparer.Ordinal);
    }

    /// <summary>In the one form in which step-ups are compared.</summary>
    private static string? ReadStepUp(TestNode node)
    {
        if (node.Text("stepup") is not { } text || text == "none")
        {
            return node.Text("stepup");
        }

        StepUp? all = null;
        foreach (var part in text.Split(' '))
        {
            if (!StepUp.TryParse(part, out var one) || (all is not null && StepUp.Both(all, one) is null))
            {
                node.Problem("stepup", "must be an acr, \"max_age=SECONDS\", both with a space between, or \"none\".");
                return null;
            }

            all = all is null ? one : StepUp.Both(all, one);
        }

        return TestExpectation.StepUpText(all);
    }

    private static void FindUnused(TestNode root, TestFile file, Dictionary<string, IReadOnlyList<string>> names)
    {
        foreach (var (member, all) in names)
        {
            foreach (var name in all.Where(n => !file.Expectations.Any(e => Selection(e, member)?.Contains(n) ?? true)))
            {
                if (member == "resources" && IsSource(file, name))
                {
                    continue;
                }

                root.Problem($"{member}", $"has '{name}', which no case names: add what is expected of it, or remove it.");
            }
        }

        foreach (var expectation in file.Expectations)
        {
            var fits = file.Actions.Any(a => expectation.Actions?.Contains(a) != false
                && file.Resources.Any(r => expectation.Resources?.Contains(r.Name) != false && r.Fits(a)));
            if (!fits && file.Resources.Count > 0)
            {
                root.ProblemAt(expectation.Path, "selects nothing: none of its actions is asked of any of its resources.");
            }
        }
    }

    /// <summary>Whether data of another resource is from this one, so that it need not be asked about itself.</summary>
    private static bool IsSource(TestFile file, string name) =>
        file.Resources.FirstOrDefault(r => r.Name == name) is { } source && file.Resources.Any(r => r.Kind is not null && ReferenceEquals(r.Entity, source.Entity));

    private static void FindContradictions(TestNode root, TestFile file)
    {
        foreach (var (principal, action, resource, context) in file.All)
        {
            TestExpectation? first = null;
            foreach (var expectation in file.Expectations.Where(e => e.Selects(principal.Name, action, resource.Name, context.Name)))
            {
                first ??= expectation;
                if (expectation.Allow != first.Allow)
                {
                    root.ProblemAt(expectation.Path, $"and {first.Path} ('{first.Name}') expect the opposite of each other, of {principal.Name}, {action}, {resource.Name}, {context.Name}"
                        + " for one: let one of them name it.");
                    return;
                }
            }
        }
    }

    private static IReadOnlySet<string>? Selection(TestExpectation expectation, string member) => member switch
    {
        "principals" => expectation.Principals,
        "actions" => expectation.Actions,
        "resources" => expectation.Resources,
        _ => expectation.Contexts,
    };
}
