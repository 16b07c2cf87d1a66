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
            var entities = File.ReadAllBytes(VectorFolder.Cedar((string)json["entities"]!));
            var schema = Read((string)json["schema"]!);
            var test = AuthorizationCase.Read(name, policies, entities, File.ReadAllBytes(path), differences, schema);
            cases++;
            requests += test?.Requests ?? 0;
            test?.Run(name, differences);
        }

        output.WriteLine($"Handwritten: {cases} tests, {requests} requests, {differences.Count} differences.");
        Assert.True(differences.Count == 0, string.Join("\n", differences.Take(20)));
        Assert.NotEqual(0, requests);
    }

    private static Schema Read(string path) => Schema.Parse(File.ReadAllText(VectorFolder.Cedar(path)), path) switch
    {
        SchemaResult.Parsed parsed => parsed.Schema,
        SchemaResult.Failed failed => throw new InvalidDataException(string.Join("; ", failed.Errors)),
        _ => throw new InvalidOperationException("The result has two cases."),
    };
}
