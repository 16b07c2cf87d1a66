using System.Text.Json;

namespace Proofgate.Inference.Dialects.OpenAi;

/// <summary>Checks a chat completion request and takes from it what the pipeline must know.</summary>
internal static class OpenAiChatReader
{
    /// <summary>Fields with which one caller could reach what another one stored, or have the provider act on its own.</summary>
    private static readonly string[] StatefulFields = ["previous_response_id", "conversation", "background", "web_search_options", "data_sources"];

    /// <summary>What this reader looks at. Go's JSON, and so Ollama, takes a member in any case for these, and the last one wins.</summary>
    private static readonly HashSet<string> Governed = JsonBody.Governed(
        ["model", "messages", "stream", "stream_options", "store", "tools", "modalities", "n", "max_tokens", "max_completion_tokens", "proofgate", .. StatefulFields]);

    internal static DialectRead Read(JsonDocument document, TextSlots.Measured texts, RequestOrigin origin)
    {
        var root = document.RootElement;
        if (JsonBody.SpeltOtherwise(root, Governed) is { } spelt)
        {
            return spelt;
        }

        if (!JsonBody.TryReadModel(root, origin, out var name))
        {
            return JsonBody.NoModel();
        }

        if (!root.TryGetProperty("messages"u8, out var messages) || messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
        {
            return JsonBody.Reject("missing_messages", "'messages' must be a list with at least one message.", "messages");
        }

        if (!JsonBody.TryReadFlag(root, "stream", out var stream))
        {
            return JsonBody.Reject("invalid_type", "'stream' must be true or false.", "stream");
        }

        if (JsonBody.StatefulIn(root, StatefulFields) is { } stateful)
        {
            return stateful;
        }

        if (HostedTool(root) is { } hosted)
        {
            return hosted;
        }

        var parts = ReadParts(messages);
        if (parts.Stored is { } stored)
        {
            return JsonBody.Stored(stored, "messages");
        }

        var usageAsked = false;
        if (root.TryGetProperty("stream_options"u8, out var options) && options.ValueKind != JsonValueKind.Null)
        {
            if (options.ValueKind != JsonValueKind.Object || !JsonBody.TryReadFlag(options, "include_usage", out usageAsked))
            {
                return JsonBody.Reject("invalid_type", "'stream_options' must be an object and its 'include_usage' true or false.", "stream_options");
            }
        }

        if (OwnMember.Read(root, out var own) is { } unserved)
        {
            return unserved;
        }

        if (texts.Length > JsonBody.MaxTextLength)
        {
            return JsonBody.TooMuchText("messages");
        }

        var opaque = texts.Opaque || parts.Opaque || AsksForSound(root);
        return new DialectRead.Understood(new OpenAiChatRequest(document, usageAsked, JsonBody.Names(root, "stop") || JsonBody.Names(root, "stop_token_ids"))
        {
            Model = name,
            Stream = stream,
            Opaque = opaque,
            TextLength = texts.Length,
            Lineage = own.Lineage,
            EstimatedTokens = (texts.Length / 3) + AnswerTokens(root),
            Grounding = own.Datasets,
            ClientTools = [.. JsonBody.ToolNames(root, static _ => true), .. FunctionNames(root)],
        });
    }

    private static DialectRead.Rejected? HostedTool(JsonElement root)
    {
        if (!root.TryGetProperty("tools"u8, out var tools) || tools.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (tools.ValueKind != JsonValueKind.Array)
        {
            return JsonBody.Reject("invalid_type", "'tools' must be a list.", "tools");
        }

        foreach (var tool in tools.EnumerateArray())
        {
            var runsAtClient = tool.ValueKind == JsonValueKind.Object
                && tool.TryGetProperty("type"u8, out var type) && type.ValueKind == JsonValueKind.String
                && (type.ValueEquals("function"u8) || type.ValueEquals("custom"u8));
            if (!runsAtClient)
            {
                return JsonBody.Reject("unsupported_parameter", "Only tools of type 'function' or 'custom' are served; the provider's own tools are refused.", "tools");
            }
        }

        return null;
    }

    /// <summary>Looks at the parts of messages: whether one is of a type that is not text, and which one leads to what another caller may have stored.</summary>
    private static (bool Opaque, string? Stored) ReadParts(JsonElement messages)
    {
        var opaque = false;
        foreach (var message in messages.EnumerateArray().Where(static m => m.ValueKind == JsonValueKind.Object))
        {
            if (JsonBody.Names(message, "audio"))
            {
                return (opaque, "messages[].audio");
            }

            if (!message.TryGetProperty("content"u8, out var content) || content.ValueKind != JsonValueKind.Array)
            {
                continue;
            }

            foreach (var part in content.EnumerateArray())
            {
                opaque |= !IsText(part);
                if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("file"u8, out var file)
                    && file.ValueKind == JsonValueKind.Object && JsonBody.Names(file, "file_id"))
                {
                    return (opaque, "messages[].content[].file.file_id");
                }
            }
        }

        return (opaque, null);
    }

    /// <summary>Only these are known to be text through and through; a part of a type that comes tomorrow is opaque.</summary>
    private static bool IsText(JsonElement part) =>
        part.ValueKind == JsonValueKind.String
        || (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("type"u8, out var type) && type.ValueKind == JsonValueKind.String
            && (type.ValueEquals("text"u8) || type.ValueEquals("refusal"u8)));

    /// <summary>The older form of tools.</summary>
    private static IEnumerable<string> FunctionNames(JsonElement root) =>
        root.TryGetProperty("functions"u8, out var functions) && functions.ValueKind == JsonValueKind.Array
            ? functions.EnumerateArray().Select(static f => JsonBody.TextOf(f, "name")).OfType<string>() : [];

    private static bool AsksForSound(JsonElement root) =>
        root.TryGetProperty("modalities"u8, out var modalities) && modalities.ValueKind == JsonValueKind.Array
        && modalities.EnumerateArray().Any(static m => m.ValueKind != JsonValueKind.String || !m.ValueEquals("text"u8));

    private static long AnswerTokens(JsonElement root)
    {
        var choices = JsonBody.ReadCount(root, "n") ?? 1;
        var each = JsonBody.ReadCount(root, "max_completion_tokens") ?? JsonBody.ReadCount(root, "max_tokens") ?? JsonBody.DefaultAnswerTokens;
        return Math.Clamp(choices, 1, 128) * Math.Clamp(each, 0, 10_000_000);
    }
}
