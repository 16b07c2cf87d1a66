using System.Text.Json;
using System.Text.Json.Nodes;
using Proofgate.Support;

namespace Proofgate.Cedar.Tests.Differential;

/// <summary>Cedar's own implementation, from npm, as a process. All JSON of a case goes as text, so that 64-bit integers stay what they are.</summary>
internal static class WasmPeer
{
    /// <summary>What goes to the peer for one case.</summary>
    public static string Question(Case test, string? policyJson, bool withSchema = false)
    {
        var policies = new JsonObject
        {
            ["staticPolicies"] = Map(test.Policies),
            ["templates"] = Map(test.Templates),
            ["templateLinks"] = new JsonArray([.. test.Links.Select(Link)]),
        };
        var entities = CedarJson.Write(test.Entities);
        return new JsonObject
        {
            ["policies"] = policies.ToJsonString(),
            ["json"] = policyJson,
            ["calls"] = new JsonArray([.. test.Requests.Select(request => JsonValue.Create($"{{\"entities\":{entities},{CedarJson.Write(request)[1..]}"))]),
            ["texts"] = new JsonArray([.. test.Policies.Values.Select(text => JsonValue.Create(text))]),
            ["templates"] = new JsonArray([.. test.Templates.Values.Select(text => JsonValue.Create(text))]),
            ["schema"] = withSchema ? test.Schema : null,
        }.ToJsonString();
    }

    /// <summary>The answers, in order. A process of its own for each call.</summary>
    public static async Task<JsonElement[]> AnswerAsync(IEnumerable<string> questions)
    {
        await using var peer = await Peers.StartAsync("cedar-wasm.mjs");
        var asked = 0;
        foreach (var question in questions)
        {
            await peer.Input.WriteLineAsync(question);
            asked++;
        }

        peer.Input.Close();
        var code = await peer.WaitForExitAsync();
        var answers = peer.Output.Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.True(code == 0 && answers.Length == asked, $"{answers.Length} answers to {asked} questions, code {code}: {string.Join('\n', peer.Errors)}");
        return answers;
    }

    private static JsonObject Map(IReadOnlyDictionary<string, string> texts) => new(texts.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));

    private static JsonObject Link(TemplateLink link)
    {
        var values = new JsonObject();
        if (link.Principal is { } principal)
            values["?principal"] = new JsonObject { ["type"] = principal.Type, ["id"] = principal.Id };
        if (link.Resource is { } resource)
            values["?resource"] = new JsonObject { ["type"] = resource.Type, ["id"] = resource.Id };
        return new JsonObject { ["templateId"] = link.TemplateId, ["newId"] = link.NewId, ["values"] = values };
    }
}
