using System.Text.Json.Nodes;

namespace Proofgate.Http.Tests.Support;

/// <summary>Messages to <c>/mcp</c>, by hand.</summary>
internal static class McpCalls
{
    internal static Task<Answer> McpAsync(this TestGateway gateway, string? key, string body, params (string Name, string Value)[] headers)
    {
        var request = TestGateway.Post("/mcp", body);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        foreach (var (name, value) in headers)
        {
            System.Net.Http.Headers.HttpHeaders all = name.StartsWith("Content-", StringComparison.Ordinal) ? request.Content!.Headers : request.Headers;
            all.Remove(name);
            all.TryAddWithoutValidation(name, value);
        }

        return gateway.SendAsync(request, key);
    }

    internal static Task<Answer> RpcAsync(this TestGateway gateway, string key, string method, string parameters = "{}", params (string Name, string Value)[] headers) =>
        gateway.McpAsync(key, $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""", headers);

    internal static Task<Answer> CallToolAsync(this TestGateway gateway, string key, string tool, string arguments = "{}", params (string Name, string Value)[] headers) =>
        gateway.RpcAsync(key, "tools/call", $$"""{"name":"{{tool}}","arguments":{{arguments}}}""", headers);

    /// <summary>The text of a tool's result; the answer itself is the failure's message if it has none.</summary>
    internal static string TextOf(this Answer answer) =>
        (string?)answer.Json["result"]?["content"]?[0]?["text"] ?? throw new Xunit.Sdk.XunitException($"{answer.Status}: {answer.Body}");

    internal static bool SaysItFailed(this Answer answer) => answer.Json["result"]?["isError"] is JsonValue flag && flag.GetValue<bool>();

    /// <summary>JSON-RPC's own code of an error.</summary>
    internal static int? RpcCode(this Answer answer) => (int?)answer.Json["error"]?["code"];
}
