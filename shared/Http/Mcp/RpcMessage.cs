using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Proofgate.Http.Mcp;

/// <summary>One message of a client, parsed once: what was looked at is what the protocol's own library gets.</summary>
internal sealed class RpcMessage(JsonDocument document, string method, RequestId? id, JsonElement parameters) : IDisposable
{
    internal string Method => method;

    /// <summary>Null: a notification, which has no answer.</summary>
    internal RequestId? Id => id;

    /// <summary>An object, or undefined.</summary>
    internal JsonElement Params => parameters;

    /// <summary>The protocol's revision as the message itself names it (2026-07-28 and later).</summary>
    internal string? Version => Meta is { ValueKind: JsonValueKind.Object } meta && meta.TryGetProperty(MetaKeys.ProtocolVersion, out var version) && version.ValueKind == JsonValueKind.String
        ? version.GetString() : null;

    private JsonElement? Meta => parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty("_meta", out var meta) ? meta : null;

    /// <summary>For the library.</summary>
    /// <param name="version">What the headers say; null: nothing.</param>
    internal JsonRpcMessage ToLibrary(string? version)
    {
        var node = parameters.ValueKind == JsonValueKind.Object ? JsonObject.Create(parameters) : null;
        var context = version is null ? null : new JsonRpcMessageContext { ProtocolVersion = version };
        return id is { } known
            ? new JsonRpcRequest { Id = known, Method = method, Params = node, Context = context }
            : new JsonRpcNotification { Method = method, Params = node, Context = context };
    }

    public void Dispose() => document.Dispose();
}
