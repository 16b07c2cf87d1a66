using System.Text.Json;
using System.Text.Json.Nodes;
using Proofgate.Cedar.Tests.Support;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Cedar.Tests.Differential;

/// <summary>Random cases, answered here and by Cedar's own implementation: the same decision, the same policies that decided, the same that failed;
/// from policy text, from policy JSON, and after a round trip through either.</summary>
[Trait("Category", "Heavy")]
public sealed class DifferentialTests(ITestOutputHelper output)
{
    private const int Cases = 100_000;
    private const int Batch = 500;
    private const int Seed = 4_500_000;

    [Fact]
    public async Task Answers_AreThoseOfCedar_ForRandomCases()
    {
        var count = Counts.Of(Cases, output);
        var differences = new List<string>();
        var tally = new Tally();
        var next = AskAsync(0, count);
        for (var from = 0; from < count; from += Batch)
        {
            // Cedar answers the next batch while this one is compared.
            var batch = await next;
            next = AskAsync(from + Batch, count);
            foreach (var (name, test, set, answer) in batch)
                Compare(name, test, set, answer, tally, differences);
        }

        output.WriteLine($"Differential: {count} cases, {differences.Count} differences; {tally}.");
        Assert.True(differences.Count == 0, string.Join("\n", differences.Take(20)));
        tally.RequireVariety();
    }

    private static async Task<(string Name, Case Test, PolicySet Set, JsonElement Answer)[]> AskAsync(int from, int count)
    {
        var cases = Enumerable.Range(Seed + from, Math.Clamp(count - from, 0, Batch)).Select(seed => (Name: $"seed {seed}", Test: CaseGenerator.Make(seed))).ToArray();
        if (cases.Length == 0)
            return [];

        var sets = cases.Select(c => Set(c.Test)).ToArray();
        var answers = await WasmPeer.AnswerAsync(cases.Select((c, i) => WasmPeer.Question(c.Test, PolicyJson.Write(sets[i]), withSchema: i % 4 == 0)));
        return [.. cases.Select((c, i) => (c.Name, c.Test, sets[i], answers[i]))];
    }

    /// <summary>The generator is part of the test: its policies must be what it means them to be.</summary>
    private static PolicySet Set(Case test)
    {
        var set = Make.Policies(string.Join('\n', test.Policies.Values.Concat(test.Templates.Values)), PolicyNaming.ByAnnotation);
        return Assert.IsType<LinkResult.Linked>(set.Link(test.Links)).Policies;
    }

    private static void Compare(string name, Case test, PolicySet set, JsonElement answer, Tally tally, List<string> differences)
    {
        var json = PolicyJson.Write(set);
        var again = Assert.IsType<PolicySetResult.Parsed>(PolicyJson.Parse(json)).Policies;
        var entities = Assert.IsType<EntitiesResult.Loaded>(CedarJson.ParseEntities(CedarJson.Write(test.Entities))).Entities;
        if (PolicyJson.Write(again) != json)
            differences.Add($"{name}: policy JSON changed in a round trip");

        for (var i = 0; i < test.Requests.Count; i++)
        {
            var result = set.Evaluate(test.Requests[i], entities);
            var mine = Describe(result);
            tally.Add(result);
            if (Describe(again.Evaluate(test.Requests[i], entities)) != mine)
                differences.Add($"{name}, request {i}: another answer after a round trip through policy JSON");
            Expect(differences, $"{name}, request {i}, text", mine, Line(answer.GetProperty("text"), i));
            Expect(differences, $"{name}, request {i}, JSON", mine, Line(answer.GetProperty("json"), i));
        }

        CompareJson(name, set.Policies.Where(p => p.Link is null), test.Policies.Keys, answer.GetProperty("texts"), differences);
        CompareJson(name, set.Templates, test.Templates.Keys, answer.GetProperty("templates"), differences);
        if (answer.TryGetProperty("validation", out var validation))
        {
            tally.AddValidation(validation, name, differences);
            CompareValidation(name, test, set, validation, differences);
        }
    }

    /// <summary>The same policies have errors. A scope that no action applies to is an error in Cedar's corpus, and here; cedar-wasm 4.13 warns of it.</summary>
    private static void CompareValidation(string name, Case test, PolicySet set, JsonElement validation, List<string> differences)
    {
        if (validation.ValueKind != JsonValueKind.Array)
            return;

        var schema = Assert.IsType<SchemaResult.Parsed>(Schema.Parse(test.Schema)).Schema;
        var mine = schema.Validate(set).Errors.Where(e => !e.Message.StartsWith("no action applies to", StringComparison.Ordinal)).Select(e => e.PolicyId);
        var theirs = validation.EnumerateArray().Select(e => e.GetProperty("policyId").GetString()!);
        Expect(differences, $"{name}, validation", $"errors in [{Sorted(mine.Distinct())}]", $"errors in [{Sorted(theirs.Distinct())}]");
    }

    private static void CompareJson(string name, IEnumerable<Policy> policies, IEnumerable<string> ids, JsonElement converted, List<string> differences)
    {
        var byId = policies.ToDictionary(p => p.Id);
        foreach (var (id, theirs) in ids.Zip(converted.EnumerateArray()))
        {
            var wanted = JsonNode.Parse(theirs.GetString()!, documentOptions: new JsonDocumentOptions { MaxDepth = 512 })!["json"];
            var mine = JsonNode.Parse(PolicyJson.Write(byId[id]), documentOptions: new JsonDocumentOptions { MaxDepth = 512 });
            if (wanted is null || !JsonNode.DeepEquals(Uniform(wanted), Uniform(mine)))
                differences.Add($"{name}, {id} as JSON: expected {theirs.GetString()}; got {mine!.ToJsonString()}");
        }
    }

    /// <summary>One way to write what can be written in several: neighbouring literals of a pattern, an annotation without a value, an action in one.</summary>
    private static JsonNode? Uniform(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                if (map["annotations"] is JsonObject annotations)
                    map["annotations"] = new JsonObject(annotations.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)((string?)a.Value ?? ""))));
                if (map["op"] is not null && map["entities"] is JsonArray { Count: 1 } entities)
                {
                    map["entity"] = entities[0]!.DeepClone();
                    map.Remove("entities");
                }

                if (map["pattern"] is JsonArray pattern)
                    map["pattern"] = Merged(pattern);
                return new JsonObject(map.Select(p => KeyValuePair.Create(p.Key, Uniform(p.Value?.DeepClone()))));
            case JsonArray array:
                return new JsonArray([.. array.Select(item => Uniform(item?.DeepClone()))]);
            default:
                return node;
        }
    }

    private static JsonArray Merged(JsonArray pattern)
    {
        var merged = new JsonArray();
        foreach (var part in pattern)
        {
            if (part is JsonObject literal && merged.Count > 0 && merged[^1] is JsonObject before)
                before["Literal"] = (string)before["Literal"]! + (string)literal["Literal"]!;
            else
                merged.Add(part!.DeepClone());
        }

        return merged;
    }

    private static string Line(JsonElement answers, int index) =>
        answers.ValueKind == JsonValueKind.Array ? answers[index].GetString()! : $"refused: {answers.GetString()}";

    private static void Expect(List<string> differences, string name, string mine, string theirs)
    {
        if (mine != theirs)
            differences.Add($"{name}: expected {theirs}; got {mine}");
    }

    private static string Describe(Authorization answer) =>
        $"{(answer.Allowed ? "allow" : "deny")} because of [{Sorted(answer.Determining)}], errors in [{Sorted(answer.Errors.Select(e => e.PolicyId))}]";

    private static string Sorted(IEnumerable<string> ids) => string.Join(", ", ids.Order(StringComparer.Ordinal));
}
