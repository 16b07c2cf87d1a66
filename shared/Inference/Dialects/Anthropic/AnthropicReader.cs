using System.Text.Json;

namespace Proofgate.Inference.Dialects.Anthropic;

/// <summary>Checks a request for a message and takes from it what the pipeline must know.</summary>
internal static class AnthropicReader
{
    /// <summary>Something that outlives the call: a sandbox with its files.</summary>
    private static readonly string[] StatefulFields = ["container"];

    private static readonly HashSet<string> Governed = JsonBody.Governed(
        ["model", "messages", "system", "stream", "tools", "mcp_servers", "max_tokens", "proofgate", .. StatefulFields]);

    /// <summary>Tools that Anthropic defines and the client runs; the version follows as a date.</summary>
    private static readonly string[] ClientTools = ["bash_", "text_editor_", "computer_", "memory_"];

    internal static DialectRead Read(JsonDocument document, TextSlots.Measured texts, RequestOrigin origin, bool answers)
    {
        var root = document.RootElement;
        if (JsonBody.SpeltOtherwise(root, Governed) is { } spelt)
        {
            return spelt;
        }

        if (!JsonBody.TryReadModel(root, origin, out var model))
        {
            return JsonBody.NoModel();
        }

        if (!root.TryGetProperty("messages"u8, out var messages) || messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
        {
            return JsonBody.Reject("missing_messages", "'messages' must be a list with at least one message.", "messages");
        }

        if (!JsonBody.TryReadFlag(root, "stream", out var stream) || (stream && !answers))
        {
            return JsonBody.Reject("invalid_type", answers ? "'stream' must be true or false." : "A count of tokens is not streamed: leave 'stream' out.", "stream");
        }

        if (AnthropicHeaders.Check(origin) is { } unserved)
        {
            return unserved;
        }

        if (JsonBody.StatefulIn(root, StatefulFields) is { } stateful)
        {
            return stateful;
        }

        if (OwnMember.Read(root, out var own) is { } refused)
        {
            return refused;
        }

        if (!TryReadTools(root, out var hosted))
        {
            return JsonBody.Reject("invalid_type", "'tools' must be a list of objects, and so must 'mcp_servers'.", "tools");
        }

        if (FilesIn(root) is { } path)
        {
            return JsonBody.Stored(path, "messages");
        }

        if (texts.Length > JsonBody.MaxTextLength)
        {
            return JsonBody.TooMuchText("messages");
        }

        return new DialectRead.Understood(new AnthropicRequest(document, origin.Ids)
        {
            Model = model,
            Stream = stream,
            Opaque = texts.Opaque || messages.EnumerateArray().Any(static m => IsOpaque(m)) || (root.TryGetProperty("system"u8, out var system) && HasOpaquePart(system)),
            TextLength = texts.Length,
            Lineage = own.Lineage,
            EstimatedTokens = answers ? (texts.Length / 3) + Math.Clamp(JsonBody.ReadCount(root, "max_tokens") ?? JsonBody.DefaultAnswerTokens, 0, 10_000_000) : 0,
            HostedTools = hosted,
            Grounding = own.Datasets,
            ClientTools = JsonBody.ToolNames(root, static t => RunsAtClient(TypeOf(t))),
            Betas = origin.Betas,
            Version = origin.Version ?? AnthropicHeaders.DefaultVersion,
        });
    }

    private static bool TryReadTools(JsonElement root, out IReadOnlyList<string> hosted)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        hosted = [];
        if (root.TryGetProperty("tools"u8, out var tools) && tools.ValueKind != JsonValueKind.Null)
        {
            if (tools.ValueKind != JsonValueKind.Array || tools.EnumerateArray().Any(static t => t.ValueKind != JsonValueKind.Object))
            {
                return false;
            }

            foreach (var type in tools.EnumerateArray().Select(TypeOf).Where(static t => !RunsAtClient(t)))
            {
                found.Add(type);
            }
        }

        if (root.TryGetProperty("mcp_servers"u8, out var servers) && servers.ValueKind != JsonValueKind.Null)
        {
            if (servers.ValueKind != JsonValueKind.Array)
            {
                return false;
            }

            if (servers.GetArrayLength() > 0)
            {
                found.Add("mcp");
            }
        }

        hosted = [.. found];
        return true;
    }

    private static bool RunsAtClient(string type) => type == "custom" || ClientTools.Any(c => type.StartsWith(c, StringComparison.Ordinal));

    /// <summary>A tool without a type is the client's own.</summary>
    private static string TypeOf(JsonElement tool) =>
        !JsonBody.Names(tool, "type") ? "custom" : JsonBody.TextOf(tool, "type") is { Length: > 0 } type ? type : "unknown";

    private static bool IsOpaque(JsonElement holder) =>
        holder.ValueKind == JsonValueKind.Object && holder.TryGetProperty("content"u8, out var content) && HasOpaquePart(content);

    private static bool HasOpaquePart(JsonElement content) =>
        content.ValueKind == JsonValueKind.Array && content.EnumerateArray().Any(static p => p.ValueKind != JsonValueKind.String && !IsText(p));

    /// <summary>Only these are known to be text through and through; a block of a type that comes tomorrow is opaque.</summary>
    private static bool IsText(JsonElement part) => JsonBody.TextOf(part, "type") switch
    {
        "text" or "thinking" or "redacted_thinking" or "tool_use" => true,
        "tool_result" or "search_result" => !IsOpaque(part),
        "document" => part.TryGetProperty("source"u8, out var source) && JsonBody.TextOf(source, "type") is "text" or "content" && !IsOpaque(source),
        _ => false,
    };

    /// <summary>Whether any content names a file that is kept at the provider.</summary>
    private static string? FilesIn(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object when JsonBody.TextOf(element, "type") is "file" or "container_upload" or "image" or "document"
            && JsonBody.Names(element, "file_id") => "messages[].content[].source.file_id",
        JsonValueKind.Object => element.EnumerateObject().Where(static m => m.Name is "messages" or "content" or "source" or "system").Select(static m => FilesIn(m.Value)).FirstOrDefault(static p => p is not null),
        JsonValueKind.Array => element.EnumerateArray().Select(FilesIn).FirstOrDefault(static p => p is not null),
        _ => null,
    };
}
