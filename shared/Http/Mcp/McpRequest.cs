using System.Text.Json;
using Proofgate.Audit.Events;
using Proofgate.Http.Endpoints;
using Proofgate.Policy;

namespace Proofgate.Http.Mcp;

/// <summary>A message that was read, with what it will be decided by.</summary>
internal sealed record McpRequest(Exchange Exchange, RpcMessage Message, string? Version, PolicyBundle Bundle, RequestRecord Record, Attachments Attached)
{
    internal string? TextOf(string member) =>
        Message.Params.ValueKind == JsonValueKind.Object && Message.Params.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The label and the purpose that the caller declared; null where they cannot be read, which has been answered.</summary>
    internal async Task<(long Label, string? Purpose)?> DeclarationsAsync()
    {
        var headers = Exchange.Http.Request.Headers;
        if (!DeclaredLabel.TryRead(headers, Bundle.Labels, out var label))
        {
            await RefuseAsync(400, "invalid_label", $"'{DeclaredLabel.Header}' must be one of {string.Join(", ", Bundle.Labels.Names)}.");
            return null;
        }

        if (!DeclaredPurpose.TryRead(headers, out var purpose))
        {
            await RefuseAsync(400, "invalid_purpose", $"'{DeclaredPurpose.Header}' may be sent once, with 1 to {DeclaredPurpose.MaxLength} printable characters.");
            return null;
        }

        return (label, purpose);
    }

    internal Task RefuseAsync(int status, string code, string text) => Exchange.RefuseAsync(status, code, text, null, Record);
}
