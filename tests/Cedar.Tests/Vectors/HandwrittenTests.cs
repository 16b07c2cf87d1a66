using System.Text;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace Proofgate.Cedar.Tests.Vectors;

/// <summary>Cedar's tests written by hand.</summary>
[Trait("Category", "Vectors")]
public sealed class HandwrittenTests(ITestOutputHelper output)
{
    [VectorFact]
    public void Handwritten_AreAnsweredExactly_ForEveryRequest()
    {
        var differences = new List<string>();
        var (cases, requests) = (0, 0);
        foreach (var path in Directory.EnumerateFiles(VectorFolder.Cedar("handwritten"), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(VectorFolder.Cedar("handwritten"), path);
            var json = JsonNode.Parse(File.ReadAllText(path))!;
            var policies = File.ReadAllBytes(VectorFolder.Cedar(((string)json["policies"]!).Replace("tests/", "handwritten/", StringComparison.Ordinal)));
            var entities = Explicit(File.ReadAllText(VectorFolder.Cedar((string)json["entities"]!)));
            var test = AuthorizationCase.Read(name, policies, entities, File.ReadAllBytes(path), differences);
            cases++;
            requests += test?.Requests ?? 0;
            test?.Run(name, differences);
        }

        output.WriteLine($"Handwritten: {cases} tests, {requests} requests, {differences.Count} differences.");
        Assert.True(differences.Count == 0, string.Join("\n", differences.Take(20)));
        Assert.NotEqual(0, requests);
    }

    /// <summary>The sample entities leave the escape of entities out wherever the schema says that an attribute is one.
    /// There, every object with a type and an id is one, so no schema is needed to write the escape in.</summary>
    private static byte[] Explicit(string json)
    {
        var entities = JsonNode.Parse(json)!.AsArray();
        foreach (var entity in entities)
            entity!["attrs"] = Explicit(entity["attrs"]!.DeepClone());
        return Encoding.UTF8.GetBytes(entities.ToJsonString());
    }

    private static JsonNode Explicit(JsonNode node)
    {
        switch (node)
        {
            case JsonObject { Count: 2 } uid when uid.ContainsKey("type") && uid.ContainsKey("id"):
                return new JsonObject { ["__entity"] = uid.DeepClone() };
            case JsonObject record:
                return new JsonObject(record.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Explicit(p.Value!.DeepClone()))));
            case JsonArray set:
                return new JsonArray([.. set.Select(item => Explicit(item!.DeepClone()))]);
            default:
                return node;
        }
    }
}
