using System.Text.Json.Nodes;
using Proofgate.Inference.Tests.Support;

namespace Proofgate.Inference.Tests.Responses;

/// <summary>A random streamed response: its texts, how it ends, and the events in which it comes, each text said again as the protocol does.</summary>
internal sealed class ResponseScenario
{
    private readonly Random _random;
    private readonly Cuts _cuts;
    private readonly JsonArray _output = [];
    private int _sequence;

    internal ResponseScenario(int seed)
    {
        _random = new Random(seed);
        _cuts = new Cuts(_random);
        End = new[] { "completed", "completed", "incomplete", "failed", "error", "nothing" }[_random.Next(6)];
        Snapshot("response.created", "in_progress");
        var items = _random.Next(1, 4);
        for (var i = 0; i < items; i++)
        {
            AddItem(i);
        }

        switch (End)
        {
            case "error":
                Add("error", new JsonObject { ["code"] = "server_error", ["message"] = "for a@b.co", ["param"] = null });
                break;
            case not "nothing":
                Snapshot($"response.{End}", End);
                break;
        }
    }

    /// <summary>The status that the response ends with, or how it does not end.</summary>
    internal string End { get; }

    /// <summary>Whole texts in their order: <c>item/part/member</c>.</summary>
    internal List<(string Key, string Text)> Texts { get; } = [];

    internal List<string> Events { get; } = [];

    private void AddItem(int i)
    {
        switch (_random.Next(4))
        {
            case 0:
                AddTool(i, "function_call", "function_call_arguments", "arguments");
                break;
            case 1:
                AddTool(i, "custom_tool_call", "custom_tool_call_input", "input");
                break;
            case 2:
                AddParts(i, "reasoning", "summary", "reasoning_summary_part", [("summary_text", "reasoning_summary_text", "text")]);
                break;
            default:
                AddParts(i, "message", "content", "content_part", [("output_text", "output_text", "text"), ("refusal", "refusal", "refusal")]);
                break;
        }
    }

    private void AddTool(int i, string type, string stem, string member)
    {
        var item = new JsonObject { ["id"] = $"it_{i}", ["type"] = type, ["call_id"] = $"call_{i}", ["name"] = "f", [member] = string.Empty };
        Add("response.output_item.added", new JsonObject { ["output_index"] = i, ["item"] = item.DeepClone() });
        item[member] = Pieces(i, 0, stem, member, new JsonObject { ["item_id"] = $"it_{i}", ["output_index"] = i }, string.Empty);
        Finish(i, item);
    }

    private void AddParts(int i, string type, string list, string part, (string Type, string Stem, string Member)[] kinds)
    {
        var item = new JsonObject { ["id"] = $"it_{i}", ["type"] = type, [list] = new JsonArray() };
        Add("response.output_item.added", new JsonObject { ["output_index"] = i, ["item"] = item.DeepClone() });
        var index = list == "summary" ? "summary_index" : "content_index";
        for (var p = 0; p < _random.Next(1, 3); p++)
        {
            var kind = kinds[_random.Next(kinds.Length)];
            var place = new JsonObject { ["item_id"] = $"it_{i}", ["output_index"] = i, [index] = p };
            var first = _random.Next(4) == 0 ? _cuts.Text() : string.Empty;
            var begun = new JsonObject { ["type"] = kind.Type, [kind.Member] = first };
            Add($"response.{part}.added", With(place, "part", begun));
            begun[kind.Member] = Pieces(i, p, kind.Stem, kind.Member, place, first);
            if (list == "content")
            {
                begun["logprobs"] = new JsonArray(new JsonObject { ["token"] = "054-28-6917" });
            }

            Add($"response.{part}.done", With(place, "part", begun.DeepClone()));
            item[list]!.AsArray().Add(begun.DeepClone());
        }

        Finish(i, item);
    }

    private string Pieces(int i, int p, string stem, string member, JsonObject place, string first)
    {
        var text = _cuts.Text();
        foreach (var piece in _cuts.Of(text))
        {
            Add($"response.{stem}.delta", With(place, "delta", JsonValue.Create(piece)));
            if (_random.Next(6) == 0)
            {
                Add("response.web_search_call.searching", new JsonObject { ["item_id"] = "ws_1", ["output_index"] = 9 });
            }
        }

        Texts.Add(($"{i}/{p}/{(stem == "reasoning_summary_text" ? "summary" : member)}", first + text));
        Add($"response.{stem}.done", With(place, member, JsonValue.Create(first + text)));
        return first + text;
    }

    private void Finish(int i, JsonObject item)
    {
        Add("response.output_item.done", new JsonObject { ["output_index"] = i, ["item"] = item.DeepClone() });
        _output.Add(item);
    }

    private void Snapshot(string type, string status) => Add(type, new JsonObject
    {
        ["response"] = new JsonObject
        {
            ["id"] = "resp_1",
            ["object"] = "response",
            ["status"] = status,
            ["instructions"] = "write to a@b.co",
            ["output"] = _output.DeepClone(),
            ["incomplete_details"] = status == "incomplete" ? new JsonObject { ["reason"] = "max_output_tokens" } : null,
            ["usage"] = status == "in_progress" ? null : new JsonObject { ["input_tokens"] = 3, ["output_tokens"] = 9 },
        },
    });

    private void Add(string type, JsonObject members)
    {
        members["type"] = type;
        members["sequence_number"] = _sequence++;
        var shuffled = members.ToArray();
        _random.Shuffle(shuffled);
        members.Clear();
        Events.Add(new JsonObject(shuffled).ToJsonString());
    }

    private static JsonObject With(JsonObject place, string name, JsonNode value)
    {
        var copy = place.DeepClone().AsObject();
        copy[name] = value;
        return copy;
    }
}
