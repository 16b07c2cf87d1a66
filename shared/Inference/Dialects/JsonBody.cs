using System.Text.Json;
using System.Text.Unicode;

namespace Proofgate.Inference.Dialects;

/// <summary>The one parse of a request body, and what every dialect checks of it before its own fields.</summary>
internal static class JsonBody
{
    /// <summary>Characters in all text slots together (DESIGN.md, invariant 10).</summary>
    internal const long MaxTextLength = 1024 * 1024;

    internal const int MaxModelLength = 128;

    /// <summary>Answer tokens that are reserved when the request names no limit; settled against the true usage afterwards.</summary>
    internal const long DefaultAnswerTokens = 1024;

    internal const int MaxDepth = 64;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth };

    /// <summary>Parses a body once and lets a dialect read it. The document lives on in the request that was understood.</summary>
    internal static DialectRead Read(ReadOnlyMemory<byte> body, Func<JsonDocument, TextSlots.Measured, DialectRead> read)
    {
        if (!Utf8.IsValid(body.Span))
        {
            return Reject("invalid_json", "The body must be UTF-8.");
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, Strict);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The parser's own message can quote the body.
            return Reject("invalid_json", $"The body must be one JSON object in UTF-8, without duplicate keys, nested at most {MaxDepth} deep.");
        }

        var result = Understand(document, read);
        if (result is DialectRead.Rejected)
        {
            document.Dispose();
        }

        return result;
    }

    internal static DialectRead.Rejected Reject(string code, string message, string? param = null) => new(400, code, message, param);

    internal static DialectRead.Rejected TooMuchText(string param) => new(
        413, "prompt_too_large", $"The text of a request may have {MaxTextLength} characters in all; this one has more.", param);

    internal static DialectRead.Rejected Stateful(string field) => Reject(
        "unsupported_parameter", $"'{field}' keeps state at the provider, which all callers share; it is refused here.", field);

    internal static DialectRead.Rejected Stored(string path, string param) => Reject(
        "unsupported_parameter", $"'{path}' names what is stored at the provider, which all callers share; it is refused here.", param);

    /// <summary>An id that no answer gave to this caller: whether it is another's, or nobody's, is not told.</summary>
    internal static DialectRead.Rejected NotGiven(string member, string param) => new(
        404, "id_not_found", $"'{member}' is no id that you were given here. Leave it out, or send it as you got it.", param);

    /// <summary>Whether a member is there and says something.</summary>
    internal static bool Names(JsonElement parent, string member) =>
        parent.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null;

    internal static bool TryReadFlag(JsonElement parent, string name, out bool flag)
    {
        flag = false;
        if (!parent.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null or JsonValueKind.False)
        {
            return true;
        }

        flag = value.ValueKind == JsonValueKind.True;
        return flag;
    }

    internal static long? ReadCount(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) ? count : null;

    internal static string? TextOf(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Names of the tools in a list that the caller runs. In chat completions the name is one level deeper.</summary>
    internal static IReadOnlyList<string> ToolNames(JsonElement root, Func<JsonElement, bool> runsAtClient)
    {
        if (!root.TryGetProperty("tools"u8, out var tools) || tools.ValueKind != JsonValueKind.Array)
        {
            return [];
        }

        var names = new List<string>();
        foreach (var tool in tools.EnumerateArray().Where(t => t.ValueKind == JsonValueKind.Object && runsAtClient(t)))
        {
            var holder = tool.TryGetProperty("function"u8, out var function) || tool.TryGetProperty("custom"u8, out function) ? function : tool;
            if (TextOf(holder, "name") is { Length: > 0 } name)
            {
                names.Add(name);
            }
        }

        return names;
    }

    internal static bool TryReadModel(JsonElement root, RequestOrigin origin, out string model)
    {
        model = origin.Deployment ?? TextOf(root, "model") ?? string.Empty;
        return model.Length is > 0 and <= MaxModelLength;
    }

    internal static DialectRead.Rejected NoModel() => Reject("missing_model", $"'model' must be a string of 1 to {MaxModelLength} characters.", "model");

    /// <summary>The fields that name stored state, each of which is refused unless it is null or false.</summary>
    internal static DialectRead.Rejected? StatefulIn(JsonElement root, IEnumerable<string> fields)
    {
        foreach (var field in fields)
        {
            if (root.TryGetProperty(field, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False))
            {
                return Stateful(field);
            }
        }

        return null;
    }

    /// <summary>Go's JSON, and so Ollama, takes a member in any case for the one that it knows, and the last one wins.</summary>
    internal static DialectRead.Rejected? SpeltOtherwise(JsonElement root, HashSet<string> governed) =>
        root.EnumerateObject().Any(m => IsSpeltOtherwise(m.Name, governed))
            ? Reject("invalid_json", "A member of the body is spelt as one that is known, but for its case. Names are in lower case.")
            : null;

    /// <summary>For <see cref="SpeltOtherwise"/>.</summary>
    internal static HashSet<string> Governed(params IEnumerable<string> names) => new(names, StringComparer.OrdinalIgnoreCase);

    private static DialectRead Understand(JsonDocument document, Func<JsonDocument, TextSlots.Measured, DialectRead> read)
    {
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return Reject("invalid_json", "The body must be a JSON object.");
        }

        // First: after it every string of the body can be read.
        TextSlots.Measured texts;
        try
        {
            texts = TextSlots.Measure(document.RootElement);
        }
        catch (InvalidOperationException)
        {
            return Reject("invalid_json", "A string has an escape that is no Unicode text (a lone surrogate).");
        }

        return read(document, texts);
    }

    /// <summary>The long s and the Kelvin sign are what Go folds besides ASCII.</summary>
    private static bool IsSpeltOtherwise(string name, HashSet<string> governed) =>
        governed.TryGetValue(name.Replace('\u017f', 's').Replace('\u212a', 'k'), out var known) && name != known;
}
