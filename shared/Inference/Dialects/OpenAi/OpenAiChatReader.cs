using System.Text.Json;

namespace Proofgate.Inference.Dialects.OpenAi;

/// <summary>Checks a chat completion request and takes from it what the pipeline must know.</summary>
internal static class OpenAiChatReader
{
    /// <summary>Characters in all text slots together (DESIGN.md, invariant 10).</summary>
    internal const long MaxTextLength = 1024 * 1024;

    private const int MaxModelLength = 128;

    /// <summary>Answer tokens that are reserved when the request names no limit; settled against the true usage afterwards.</summary>
    private const long DefaultAnswerTokens = 1024;

    /// <summary>Fields with which one caller could reach what another one stored, or have the provider act on its own.</summary>
    private static readonly string[] StatefulFields = ["previous_response_id", "conversation", "background", "web_search_options", "data_sources"];

    /// <summary>What this reader looks at. Go's JSON, and so Ollama, takes a member in any case for these, and the last one wins.</summary>
    private static readonly HashSet<string> Governed = new(
        ["model", "messages", "stream", "stream_options", "store", "tools", "modalities", "n", "max_tokens", "max_completion_tokens", "proofgate", .. StatefulFields],
        StringComparer.OrdinalIgnoreCase);

    internal static DialectRead Read(JsonDocument document)
    {
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            return Reject("invalid_json", "The body must be a JSON object.", null);
        }

        // First: after it every string of the body can be read.
        TextSlots.Measured texts;
        try
        {
            texts = TextSlots.Measure(root);
        }
        catch (InvalidOperationException)
        {
            return Reject("invalid_json", "A string has an escape that is no Unicode text (a lone surrogate).", null);
        }

        if (root.EnumerateObject().Any(static m => IsSpeltOtherwise(m.Name)))
        {
            return Reject("invalid_json", "A member of the body is spelt as one that is known, but for its case. Names are in lower case.", null);
        }

        if (!root.TryGetProperty("model"u8, out var model) || model.ValueKind != JsonValueKind.String || model.GetString() is not { Length: > 0 and <= MaxModelLength } name)
        {
            return Reject("missing_model", $"'model' must be a string of 1 to {MaxModelLength} characters.", "model");
        }

        if (!root.TryGetProperty("messages"u8, out var messages) || messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
        {
            return Reject("missing_messages", "'messages' must be a list with at least one message.", "messages");
        }

        if (!TryReadFlag(root, "stream", out var stream))
        {
            return Reject("invalid_type", "'stream' must be true or false.", "stream");
        }

        foreach (var field in StatefulFields)
        {
            if (root.TryGetProperty(field, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False))
            {
                return Reject("unsupported_parameter", $"'{field}' keeps state at the provider, which all callers share; it is refused here.", field);
            }
        }

        if (HostedTool(root) is { } hosted)
        {
            return hosted;
        }

        var parts = ReadParts(messages);
        if (parts.Stored is { } stored)
        {
            return Reject("unsupported_parameter", $"'{stored}' names what is stored at the provider, which all callers share; it is refused here.", "messages");
        }

        var usageAsked = false;
        if (root.TryGetProperty("stream_options"u8, out var options) && options.ValueKind != JsonValueKind.Null)
        {
            if (options.ValueKind != JsonValueKind.Object || !TryReadFlag(options, "include_usage", out usageAsked))
            {
                return Reject("invalid_type", "'stream_options' must be an object and its 'include_usage' true or false.", "stream_options");
            }
        }

        if (root.TryGetProperty("proofgate"u8, out var extension) && extension.ValueKind != JsonValueKind.Null)
        {
            return Reject("unsupported_parameter", "'proofgate' (datasets, lineage) is not served by this release.", "proofgate");
        }

        if (texts.Length > MaxTextLength)
        {
            return new DialectRead.Rejected(
                413, "prompt_too_large", $"The text of a request may have {MaxTextLength} characters in all; this one has more.", "messages");
        }

        var opaque = texts.Opaque || parts.Opaque || AsksForSound(root);
        return new DialectRead.Understood(new OpenAiChatRequest(document, usageAsked, Names(root, "stop") || Names(root, "stop_token_ids"))
        {
            Model = name,
            Stream = stream,
            Opaque = opaque,
            TextLength = texts.Length,
            EstimatedTokens = (texts.Length / 3) + AnswerTokens(root),
        });
    }

    /// <summary>The long s and the Kelvin sign are what Go folds besides ASCII.</summary>
    private static bool IsSpeltOtherwise(string name) =>
        Governed.TryGetValue(name.Replace('\u017f', 's').Replace('\u212a', 'k'), out var known) && name != known;

    private static DialectRead.Rejected? HostedTool(JsonElement root)
    {
        if (!root.TryGetProperty("tools"u8, out var tools) || tools.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (tools.ValueKind != JsonValueKind.Array)
        {
            return Reject("invalid_type", "'tools' must be a list.", "tools");
        }

        foreach (var tool in tools.EnumerateArray())
        {
            var runsAtClient = tool.ValueKind == JsonValueKind.Object
                && tool.TryGetProperty("type"u8, out var type) && type.ValueKind == JsonValueKind.String
                && (type.ValueEquals("function"u8) || type.ValueEquals("custom"u8));
            if (!runsAtClient)
            {
                return Reject("unsupported_parameter", "Only tools of type 'function' or 'custom' are served; the provider's own tools are refused.", "tools");
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
            if (Names(message, "audio"))
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
                    && file.ValueKind == JsonValueKind.Object && Names(file, "file_id"))
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

    private static bool Names(JsonElement parent, string member) =>
        parent.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null;

    private static bool AsksForSound(JsonElement root) =>
        root.TryGetProperty("modalities"u8, out var modalities) && modalities.ValueKind == JsonValueKind.Array
        && modalities.EnumerateArray().Any(static m => m.ValueKind != JsonValueKind.String || !m.ValueEquals("text"u8));

    private static long AnswerTokens(JsonElement root)
    {
        var choices = ReadCount(root, "n") ?? 1;
        var each = ReadCount(root, "max_completion_tokens") ?? ReadCount(root, "max_tokens") ?? DefaultAnswerTokens;
        return Math.Clamp(choices, 1, 128) * Math.Clamp(each, 0, 10_000_000);
    }

    private static long? ReadCount(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) ? count : null;

    private static bool TryReadFlag(JsonElement parent, string name, out bool flag)
    {
        flag = false;
        if (!parent.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null or JsonValueKind.False)
        {
            return true;
        }

        flag = value.ValueKind == JsonValueKind.True;
        return flag;
    }

    private static DialectRead.Rejected Reject(string code, string message, string? param) => new(400, code, message, param);
}
