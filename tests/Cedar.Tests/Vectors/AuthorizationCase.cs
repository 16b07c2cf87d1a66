using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Proofgate.Cedar.Tests.Vectors;

/// <summary>One test of the published format: policies, entities, and requests with what Cedar answers to each.</summary>
internal sealed class AuthorizationCase
{
    private readonly PolicySet _policies;
    private readonly Entities _entities;
    private readonly JsonDocument _test;

    private readonly byte[] _entitiesJson;

    private AuthorizationCase(PolicySet policies, Entities entities, byte[] entitiesJson, JsonDocument test)
    {
        _entitiesJson = entitiesJson;
        _policies = policies;
        _entities = entities;
        _test = test;
    }

    public int Requests => _test.RootElement.GetProperty("requests").GetArrayLength();

    /// <summary>Reads the parts; a part that is refused is a difference, as all published ones are well formed.</summary>
    public static AuthorizationCase? Read(string name, byte[] policies, byte[] entities, byte[] test, List<string> differences, Schema? schema = null)
    {
        var parsed = PolicySet.Parse(Encoding.UTF8.GetString(policies), name);
        var loaded = schema is null ? CedarJson.ParseEntities(entities, name) : CedarJson.ParseEntities(entities, schema, name);
        if (parsed is PolicySetResult.Parsed { Policies: var set } && loaded is EntitiesResult.Loaded { Entities: var store })
        {
            if (PolicyFormatter.Format(Encoding.UTF8.GetString(policies)) is not FormatResult.Formatted { Text: var text }
                || PolicyJson.Write(((PolicySetResult.Parsed)PolicySet.Parse(text)).Policies) != PolicyJson.Write(set)
                || PolicyFormatter.Format(text) != new FormatResult.Formatted(text))
            {
                differences.Add($"{name}: the formatted policies are others, or not formatted once more");
            }

            return new AuthorizationCase(set, store, entities, JsonDocument.Parse(test));
        }

        differences.Add($"{name}: {(parsed as PolicySetResult.Failed)?.Errors[0]} {(loaded as EntitiesResult.Failed)?.Errors[0]}");
        return null;
    }

    /// <summary>Compares decision, reasons and errors of every request, and again after a round trip of request, entities and policies through JSON.</summary>
    public void Run(string name, List<string> differences)
    {
        var again = ((EntitiesResult.Loaded)CedarJson.ParseEntities(CedarJson.Write(_entities.All))).Entities;
        var json = PolicyJson.Write(_policies);
        var reread = PolicyJson.Parse(json) is PolicySetResult.Parsed parsed ? parsed.Policies : PolicySet.Empty;
        if (PolicyJson.Write(reread) != json)
            differences.Add($"{name}: the policies are others after a round trip through JSON");
        foreach (var expected in _test.RootElement.GetProperty("requests").EnumerateArray())
        {
            var request = Request(expected);
            var replayed = ((RequestResult.Parsed)CedarJson.ParseRequest(CedarJson.Write(request))).Request;
            Compare(name, expected, _policies.Evaluate(request, _entities), differences);
            Compare($"{name} replayed", expected, reread.Evaluate(replayed, again), differences);
        }
    }

    /// <summary>What to ask the peer: the policies as JSON.</summary>
    public string Question()
    {
        var entities = Encoding.UTF8.GetString(_entitiesJson);
        return new JsonObject
        {
            ["policies"] = PolicyJson.Write(_policies),
            ["calls"] = new JsonArray([.. _test.RootElement.GetProperty("requests").EnumerateArray()
                .Select(expected => JsonValue.Create($"{{\"entities\":{entities},{CedarJson.Write(Request(expected))[1..]}"))]),
        }.ToJsonString();
    }

    /// <summary>What the peer should answer to <see cref="Question"/>.</summary>
    public IEnumerable<string> Expected() => _test.RootElement.GetProperty("requests").EnumerateArray().Select(Wanted);

    public static Request Request(JsonElement expected)
    {
        var context = CedarJson.ParseValue(expected.GetProperty("context"));
        var record = context is ValueResult.Parsed { Value: RecordValue value } ? value : throw new InvalidDataException(context.ToString());
        return new Request(Uid(expected.GetProperty("principal")), Uid(expected.GetProperty("action")), Uid(expected.GetProperty("resource")), record);
    }

    private static EntityUid Uid(JsonElement uid) => new(uid.GetProperty("type").GetString()!, uid.GetProperty("id").GetString()!);

    private static void Compare(string name, JsonElement expected, Authorization actual, List<string> differences)
    {
        var wanted = Wanted(expected);
        var got = $"{(actual.Allowed ? "allow" : "deny")} because of [{Sorted(actual.Determining)}], errors in [{Sorted(actual.Errors.Select(e => e.PolicyId))}]";
        if (wanted != got)
            differences.Add($"{name}, {expected.GetProperty("description").GetString()}: expected {wanted}; got {got} {string.Join("; ", actual.Errors)}");
    }

    private static string Wanted(JsonElement expected) =>
        $"{expected.GetProperty("decision").GetString()} because of [{Sorted(Strings(expected, "reason"))}], errors in [{Sorted(Strings(expected, "errors"))}]";

    private static IEnumerable<string> Strings(JsonElement element, string name) => element.GetProperty(name).EnumerateArray().Select(e => e.GetString()!);

    private static string Sorted(IEnumerable<string> ids) => string.Join(", ", ids.Order(StringComparer.Ordinal));
}
