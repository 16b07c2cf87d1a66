using System.Text.Json;

namespace Proofgate.Inference.Dialects.Responses;

/// <summary>Which items of an input are text through and through; an item or a part of a type that comes tomorrow is opaque.</summary>
internal static class InputItems
{
    internal static bool IsText(JsonElement item) => (JsonBody.TextOf(item, "type") ?? "message") switch
    {
        "message" => IsTextIn(item, "content"),
        "reasoning" => IsTextIn(item, "content") && IsTextIn(item, "summary"),
        "function_call_output" or "custom_tool_call_output" or "local_shell_call_output" or "shell_call_output" or "apply_patch_call_output" => IsTextIn(item, "output"),
        "function_call" or "custom_tool_call" or "local_shell_call" or "shell_call" or "apply_patch_call" or "web_search_call" or "file_search_call"
            or "mcp_list_tools" or "mcp_call" or "mcp_approval_request" or "mcp_approval_response" => true,
        _ => false,
    };

    private static bool IsTextIn(JsonElement item, string member) =>
        !item.TryGetProperty(member, out var parts) || parts.ValueKind != JsonValueKind.Array || parts.EnumerateArray().All(IsTextPart);

    private static bool IsTextPart(JsonElement part) => part.ValueKind == JsonValueKind.String
        || JsonBody.TextOf(part, "type") is "input_text" or "output_text" or "text" or "refusal" or "summary_text" or "reasoning_text";
}
