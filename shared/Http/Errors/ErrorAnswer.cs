using ModelContextProtocol.Protocol;

namespace Proofgate.Http.Errors;

/// <summary>An error in no particular shape.</summary>
internal sealed record ErrorAnswer(int Status, string Code, string Message, string? Param = null, TimeSpan? RetryAfter = null, RequestId? RpcId = null)
{
    /// <summary>OpenAI's <c>type</c>, by which its SDKs choose the exception.</summary>
    internal string OpenAiType => Status switch
    {
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        429 => "rate_limit_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };

    /// <summary>JSON-RPC's and MCP's own code where one fits; else one that is left to servers.</summary>
    internal int RpcCode => Code switch
    {
        "invalid_json" => -32700,
        "invalid_request" => -32600,
        "method_not_allowed" => -32601,
        "invalid_params" or "tool_not_found" => -32602,
        "internal_error" => -32603,
        "resource_not_found" => -32002,
        "header_mismatch" => -32020,
        "unsupported_protocol_version" => -32022,
        _ => -32000,
    };

    /// <summary>Anthropic's <c>type</c>.</summary>
    internal string AnthropicType => Status switch
    {
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        503 => "overloaded_error",
        504 => "timeout_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };
}
