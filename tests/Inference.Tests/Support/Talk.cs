using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Proofgate.Inference.Dialects.Anthropic;
using Proofgate.Inference.Dialects.OpenAi;
using Proofgate.Inference.Dialects.Responses;
using Proofgate.Protection;

namespace Proofgate.Inference.Tests.Support;

/// <summary>An answer with one text and one call of a tool, in each dialect, whole or in pieces.</summary>
internal static class Talk
{
    internal static readonly string[] Dialects = ["chat", "responses", "messages"];

    /// <summary>What a client has of the text and of the tool's arguments.</summary>
    internal static (string Text, string Arguments) Streamed(string dialect, RedactionPlan plan, string tool, IEnumerable<string> text, IEnumerable<string> arguments, AnswerFacts? facts = null)
    {
        using var rewriter = RewriterOf(dialect, plan);
        var frames = new ArrayBufferWriter<byte>();
        foreach (var e in dialect switch { "chat" => Chat(tool, text, arguments), "responses" => Responses(tool, text, arguments), _ => Messages(tool, text, arguments) })
        {
            rewriter.RewriteEvent(Encoding.UTF8.GetBytes(e.ToJsonString()), frames);
        }

        if (dialect == "chat")
        {
            rewriter.RewriteEvent("[DONE]"u8, frames);
        }

        facts?.Redactions.Add(rewriter.Facts.Redactions);
        facts?.Restored.Add(rewriter.Facts.Restored);
        return Joined(Encoding.UTF8.GetString(frames.WrittenSpan));
    }

    internal static (string Text, string Arguments) Whole(string dialect, RedactionPlan plan, string tool, string text, string arguments)
    {
        using var rewriter = RewriterOf(dialect, plan);
        var answer = new ArrayBufferWriter<byte>();
        JsonNode body = dialect switch
        {
            "chat" => new JsonObject
            {
                ["choices"] = new JsonArray(new JsonObject
                {
                    ["index"] = 0,
                    ["message"] = new JsonObject
                    {
                        ["content"] = text,
                        ["tool_calls"] = new JsonArray(new JsonObject { ["function"] = new JsonObject { ["arguments"] = arguments, ["name"] = tool } }),
                    },
                    ["finish_reason"] = "tool_calls",
                }),
            },
            "responses" => Response(tool, text, arguments),
            _ => new JsonObject
            {
                ["type"] = "message",
                ["stop_reason"] = "tool_use",
                ["content"] = new JsonArray(
                    new JsonObject { ["type"] = "text", ["text"] = text },
                    new JsonObject { ["type"] = "tool_use", ["input"] = JsonNode.Parse(arguments), ["name"] = tool }),
            },
        };
        rewriter.RewriteWhole(Encoding.UTF8.GetBytes(body.ToJsonString()), answer);
        var written = JsonNode.Parse(answer.WrittenSpan)!;
        return dialect switch
        {
            "chat" => ((string)written["choices"]![0]!["message"]!["content"]!, (string)written["choices"]![0]!["message"]!["tool_calls"]![0]!["function"]!["arguments"]!),
            "responses" => ((string)written["output"]![0]!["content"]![0]!["text"]!, (string)written["output"]![1]!["arguments"]!),
            _ => ((string)written["content"]![0]!["text"]!, written["content"]![1]!["input"]!.ToJsonString()),
        };
    }

    private static IAnswerRewriter RewriterOf(string dialect, RedactionPlan plan) => dialect switch
    {
        "chat" => new OpenAiChatRewriter(plan, usageAsked: true, stopsChosen: false),
        "responses" => new ResponsesRewriter(plan, null, stopsChosen: false),
        _ => new AnthropicRewriter(plan, null),
    };

    private static IEnumerable<JsonObject> Chat(string tool, IEnumerable<string> text, IEnumerable<string> arguments)
    {
        foreach (var piece in text)
        {
            yield return Chunk(new JsonObject { ["content"] = piece }, null);
        }

        yield return Chunk(Call(new JsonObject { ["name"] = tool, ["arguments"] = string.Empty }), null);
        foreach (var piece in arguments)
        {
            yield return Chunk(Call(new JsonObject { ["arguments"] = piece }), null);
        }

        yield return Chunk([], "tool_calls");

        static JsonObject Call(JsonObject function) => new() { ["tool_calls"] = new JsonArray(new JsonObject { ["index"] = 0, ["function"] = function }) };

        static JsonObject Chunk(JsonObject delta, string? finish) =>
            new() { ["id"] = "c", ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish }) };
    }

    private static IEnumerable<JsonObject> Responses(string tool, IEnumerable<string> text, IEnumerable<string> arguments)
    {
        var (said, given) = (text.ToList(), arguments.ToList());
        yield return Added(0, new JsonObject { ["type"] = "message", ["id"] = "m", ["content"] = new JsonArray() });
        yield return new JsonObject
        {
            ["type"] = "response.content_part.added",
            ["item_id"] = "m",
            ["output_index"] = 0,
            ["content_index"] = 0,
            ["part"] = new JsonObject { ["type"] = "output_text", ["text"] = string.Empty },
        };
        foreach (var piece in said)
        {
            yield return new JsonObject { ["type"] = "response.output_text.delta", ["item_id"] = "m", ["output_index"] = 0, ["content_index"] = 0, ["delta"] = piece };
        }

        yield return new JsonObject { ["type"] = "response.output_text.done", ["item_id"] = "m", ["output_index"] = 0, ["content_index"] = 0, ["text"] = string.Concat(said) };
        yield return Added(1, new JsonObject { ["type"] = "function_call", ["id"] = "f", ["name"] = tool, ["arguments"] = string.Empty });
        foreach (var piece in given)
        {
            yield return new JsonObject { ["type"] = "response.function_call_arguments.delta", ["item_id"] = "f", ["output_index"] = 1, ["delta"] = piece };
        }

        yield return new JsonObject { ["type"] = "response.completed", ["response"] = Response(tool, string.Concat(said), string.Concat(given)) };

        static JsonObject Added(int index, JsonObject item) => new() { ["type"] = "response.output_item.added", ["output_index"] = index, ["item"] = item };
    }

    private static JsonObject Response(string tool, string text, string arguments) => new()
    {
        ["status"] = "completed",
        ["output"] = new JsonArray(
            new JsonObject { ["type"] = "message", ["content"] = new JsonArray(new JsonObject { ["type"] = "output_text", ["text"] = text }) },
            new JsonObject { ["type"] = "function_call", ["name"] = tool, ["arguments"] = arguments }),
    };

    private static IEnumerable<JsonObject> Messages(string tool, IEnumerable<string> text, IEnumerable<string> arguments)
    {
        yield return Start(0, new JsonObject { ["type"] = "text", ["text"] = string.Empty });
        foreach (var piece in text)
        {
            yield return Delta(0, "text_delta", "text", piece);
        }

        yield return new JsonObject { ["type"] = "content_block_stop", ["index"] = 0 };
        yield return Start(1, new JsonObject { ["type"] = "tool_use", ["id"] = "t", ["name"] = tool, ["input"] = new JsonObject() });
        foreach (var piece in arguments)
        {
            yield return Delta(1, "input_json_delta", "partial_json", piece);
        }

        yield return new JsonObject { ["type"] = "content_block_stop", ["index"] = 1 };
        yield return new JsonObject { ["type"] = "message_delta", ["delta"] = new JsonObject { ["stop_reason"] = "tool_use" } };
        yield return new JsonObject { ["type"] = "message_stop" };

        static JsonObject Start(int index, JsonObject block) => new() { ["type"] = "content_block_start", ["index"] = index, ["content_block"] = block };

        static JsonObject Delta(int index, string type, string field, string piece) =>
            new() { ["type"] = "content_block_delta", ["index"] = index, ["delta"] = new JsonObject { ["type"] = type, [field] = piece } };
    }

    private static (string Text, string Arguments) Joined(string frames)
    {
        var (text, arguments) = (string.Empty, string.Empty);
        foreach (var line in frames.Split('\n').Where(static l => l.StartsWith("data: {", StringComparison.Ordinal)))
        {
            var data = JsonNode.Parse(line["data: ".Length..])!;
            var delta = data["choices"]?[0]?["delta"] ?? data["delta"];
            var type = (string?)data["type"];
            text += delta is JsonObject ? (string?)delta["content"] ?? (string?)delta["text"] : type == "response.output_text.delta" ? (string?)delta : string.Empty;
            arguments += delta is JsonObject
                ? (string?)delta["tool_calls"]?[0]?["function"]?["arguments"] ?? (string?)delta["partial_json"]
                : type == "response.function_call_arguments.delta" ? (string?)delta : string.Empty;
            if (data["response"]?["output"] is JsonArray output)
            {
                Assert.Equal(text, (string?)output[0]!["content"]![0]!["text"]);
                Assert.Equal(arguments, (string?)output[1]!["arguments"]);
            }
        }

        return (text, arguments);
    }
}
