using System.Text.Json;
using System.Text.Unicode;
using ModelContextProtocol.Protocol;

namespace Proofgate.Http.Mcp;

/// <summary>Reads one JSON-RPC 2.0 message, strictly: two readings of it must not be possible.</summary>
internal static class RpcReader
{
    private const int MaxDepth = 64;
    private const int MaxMethodLength = 128;
    private const int MaxIdLength = 256;

    /// <summary>Whole numbers that every client can tell apart.</summary>
    private const long MaxId = (1L << 53) - 1;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth };

    internal static RpcRead Read(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span))
        {
            return Garbled();
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, Strict);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Garbled();
        }

        RpcRead? read = null;
        try
        {
            read = Understand(document);
        }
        catch (InvalidOperationException)
        {
            // A method or id with half of a surrogate pair.
            read = Garbled();
        }
        finally
        {
            if (read is not RpcRead.Understood)
            {
                document.Dispose();
            }
        }

        return read;
    }

    private static RpcRead Understand(JsonDocument document)
    {
        var root = document.RootElement;
        if (root.ValueKind == JsonValueKind.Array)
        {
            return Invalid("Send one message at a time: batches are no part of the protocol.");
        }

        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("jsonrpc", out var version) || version.ValueKind != JsonValueKind.String || !version.ValueEquals("2.0"))
        {
            return Invalid("The body must be a JSON-RPC 2.0 message.");
        }

        foreach (var other in root.EnumerateObject().Select(static m => m.Name).Where(static n => n is not ("jsonrpc" or "id" or "method" or "params")))
        {
            return Invalid(other is "result" or "error"
                ? "Nothing was asked of the client, so there is nothing that it could answer."
                : "A message has the members 'jsonrpc', 'id', 'method' and 'params', and no others.");
        }

        if (!root.TryGetProperty("method", out var method) || method.ValueKind != JsonValueKind.String || method.GetString() is not { Length: > 0 and <= MaxMethodLength } name)
        {
            return Invalid($"'method' must be a string of 1 to {MaxMethodLength} characters.");
        }

        RequestId? id = null;
        if (root.TryGetProperty("id", out var given) && (id = IdOf(given)) is null)
        {
            return Invalid($"'id' must be a whole number within 2^53, or a string of 1 to {MaxIdLength} characters.");
        }

        var parameters = root.TryGetProperty("params", out var named) ? named : default;
        return parameters.ValueKind is JsonValueKind.Object or JsonValueKind.Undefined
            ? new RpcRead.Understood(new RpcMessage(document, name, id, parameters))
            : Invalid("'params' must be an object.");
    }

    private static RequestId? IdOf(JsonElement id) => id.ValueKind switch
    {
        JsonValueKind.String when id.GetString() is { Length: > 0 and <= MaxIdLength } text => new RequestId(text),
        JsonValueKind.Number when id.TryGetInt64(out var number) && number is >= -MaxId and <= MaxId => new RequestId(number),
        _ => null,
    };

    /// <summary>The parser's own message can quote the body.</summary>
    private static RpcRead.Rejected Garbled() =>
        new("invalid_json", $"The body must be one JSON object in UTF-8, without duplicate keys, nested at most {MaxDepth} deep.");

    private static RpcRead.Rejected Invalid(string message) => new("invalid_request", message);
}
