using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;

namespace Proofgate.Http.Mcp;

/// <summary>
/// What the headers of a message say of it, held against the message: whatever stands before the gateway and decides on headers must not see another call than the gateway does.
/// </summary>
internal static class McpHeaders
{
    /// <summary>From this one on each message stands alone: there is no handshake, and the headers repeat what the message says.</summary>
    private const string FirstAlone = "2026-07-28";

    private const string VersionHeader = "MCP-Protocol-Version";

    private static readonly string[] Versions = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", FirstAlone];

    /// <summary>Revisions are dates: later ones compare greater.</summary>
    internal static bool StandsAlone(string? version) => version is not null && string.CompareOrdinal(version, FirstAlone) >= 0;

    /// <returns>Code and sentence of the refusal; null: the headers agree.</returns>
    internal static (string Code, string Text)? FaultOf(IHeaderDictionary headers, RpcMessage message, out string? version)
    {
        version = headers[VersionHeader] is { Count: > 0 } named ? named.ToString() : null;
        if (headers["Mcp-Session-Id"].Count > 0)
        {
            return ("invalid_request", "There are no sessions here: leave out Mcp-Session-Id.");
        }

        if (version is not null && !Versions.Contains(version, StringComparer.Ordinal))
        {
            return ("unsupported_protocol_version", $"MCP-Protocol-Version may be {string.Join(", ", Versions)}.");
        }

        if (!StandsAlone(version) && !StandsAlone(message.Version))
        {
            return null;
        }

        if (message.Version is { } inside ? inside != version : message.Id is not null)
        {
            return ("header_mismatch", "MCP-Protocol-Version and the version in the message's '_meta' must be the same.");
        }

        if (headers["Mcp-Method"] is not [{ } method] || method.Trim() != message.Method)
        {
            return ("header_mismatch", "Mcp-Method and the message's method must be the same.");
        }

        var member = message.Method switch
        {
            RequestMethods.ToolsCall or RequestMethods.PromptsGet => "name",
            RequestMethods.ResourcesRead => "uri",
            _ => null,
        };
        if (member is null)
        {
            return null;
        }

        var body = message.Params.ValueKind == JsonValueKind.Object && message.Params.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return headers["Mcp-Name"] is [{ } name] && McpHeaderEncoder.DecodeValue(name.Trim()) == body
            ? null : ("header_mismatch", $"Mcp-Name and the message's '{member}' must be the same.");
    }
}
