using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Proofgate.Cli.Policies;

/// <summary>A question from the command line, written as a test file of one combination: so it is read, checked and asked as tests are.</summary>
internal sealed class QuestionFile
{
    internal const string Name = "tests/command-line.test.json";

    private readonly JsonObject _principal = [];
    private readonly JsonObject _resources = [];
    private readonly JsonObject _context = [];

    internal required string Action { get; init; }

    internal required DateTimeOffset Now { get; init; }

    /// <summary>Members of the principal; what is null is left out.</summary>
    internal void Principal(string member, JsonNode? value) => Add(_principal, member, value);

    internal void Context(string member, JsonNode? value) => Add(_context, member, value);

    /// <summary>What is asked about; with a kind, that kind of data from there.</summary>
    internal void Resource(string name, JsonObject resource, string? kind)
    {
        _resources[name] = resource;
        if (kind is not null)
        {
            _resources[$"{kind} of {name}"] = new JsonObject { ["kind"] = kind, ["from"] = name };
        }
    }

    internal static JsonArray? List(IReadOnlyList<string>? texts) => texts is { Count: > 0 } ? [.. texts.Select(static t => JsonValue.Create(t))] : null;

    /// <summary>An object from the command line; null if it is none.</summary>
    internal static JsonObject? TryParse(string json)
    {
        try
        {
            return JsonNode.Parse(json, null, new JsonDocumentOptions { MaxDepth = 32, AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Members that are given stand before those of <paramref name="more"/>.</summary>
    internal static void Merge(Action<string, JsonNode?> add, JsonObject? more)
    {
        foreach (var (name, value) in more ?? [])
        {
            add(name, value?.DeepClone());
        }
    }

    internal byte[] ToBytes() => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["now"] = Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
        ["principals"] = new JsonObject { ["caller"] = _principal.DeepClone() },
        ["actions"] = new JsonArray(JsonValue.Create(Action)),
        ["resources"] = _resources.DeepClone(),
        ["base"] = _context.DeepClone(),
        // Where a kind is from is in the matrix too, and fits no such action.
        ["cases"] = new JsonArray(new JsonObject { ["name"] = "question", ["expect"] = "deny" }),
    }.ToJsonString());

    private static void Add(JsonObject target, string member, JsonNode? value)
    {
        if (value is not null && !target.ContainsKey(member))
        {
            target[member] = value;
        }
    }
}
