using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Proofgate.Http.Mcp;

/// <summary>
/// The official library, for one message: it speaks the protocol, and what a method does comes from its handlers. It writes into memory, so that nothing has been said while a call can still be
/// refused. It gets no logger: at its finest level it logs messages.
/// </summary>
internal static class McpProtocol
{
    private const int InvalidRequest = -32600;
    private const int MethodNotFound = -32601;

    private static readonly string Version = typeof(McpProtocol).Assembly.GetName().Version?.ToString(3) ?? "1.0.0";

    /// <returns>The answer; null for a notification.</returns>
    internal static async Task<McpAnswer?> RunAsync(RpcMessage message, string? version, McpServerHandlers handlers, CancellationToken cancellationToken)
    {
        var options = new McpServerOptions
        {
            ServerInfo = new Implementation { Name = "proofgate", Version = Version },
            Capabilities = new ServerCapabilities { Tools = new ToolsCapability(), Resources = new ResourcesCapability() },
            Handlers = handlers,
            ScopeRequests = false,
        };
        using var written = new MemoryStream();
        var transport = new StreamableHttpServerTransport { Stateless = true };
        await using var server = McpServer.Create(transport, options);
        var running = server.RunAsync(cancellationToken);
        try
        {
            return await transport.HandlePostRequestAsync(message.ToLibrary(version), written, cancellationToken) ? await ReadAsync(written, version, cancellationToken) : null;
        }
        finally
        {
            await transport.DisposeAsync();
            await running;
        }
    }

    /// <summary>It is one event: nothing asks the client for anything, and nothing is told before the result.</summary>
    private static async Task<McpAnswer> ReadAsync(MemoryStream written, string? version, CancellationToken cancellationToken)
    {
        written.Position = 0;
        string? body = null;
        await foreach (var item in SseParser.Create(written).EnumerateAsync(cancellationToken))
        {
            body = body is null ? item.Data : throw new InvalidOperationException("The library wrote more than one message.");
        }

        var error = body is null ? throw new InvalidOperationException("The library wrote no message.") : JsonNode.Parse(body)?["error"]?["code"]?.GetValue<int>();
        // Clients of the revisions before it look into the message only.
        var status = !McpHeaders.StandsAlone(version) ? 200 : error switch
        {
            MethodNotFound => 404,
            InvalidRequest or (int)ModelContextProtocol.McpErrorCode.UnsupportedProtocolVersion or (int)ModelContextProtocol.McpErrorCode.MissingRequiredClientCapability => 400,
            _ => 200,
        };
        return new McpAnswer(status, Encoding.UTF8.GetBytes(body));
    }
}
