namespace Proofgate.Http;

/// <summary>How a route's clients expect errors.</summary>
public enum ErrorStyle
{
    /// <summary><c>{"error":{"message","type","param","code"}}</c>.</summary>
    OpenAi,

    /// <summary><c>{"type":"error","error":{"type","message"}}</c>.</summary>
    Anthropic,

    /// <summary><c>application/problem+json</c> (RFC 9457).</summary>
    Problem,

    /// <summary>A JSON-RPC 2.0 error, with the code of the others in <c>data.code</c>.</summary>
    JsonRpc,
}
