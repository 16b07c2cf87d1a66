using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Proofgate.Enforcement.Tools;
using Proofgate.Outbound;

namespace Proofgate.Inference.ToolServers;

/// <summary>
/// Asks registered servers with the protocol's official client, each time in a session of its own, so that what one caller did there is nothing to the next. Nothing of the caller goes along but
/// the arguments. The client gets no logger: at its finest level it logs messages.
/// </summary>
internal sealed class ToolServerClient : IDisposable
{
    private const int MaxPages = 16;
    private const int MaxTools = 1024;
    private const int MaxRefusal = 2048;

    private readonly ToolOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public ToolServerClient(OutboundGuard guard, IOptions<OutboundOptions> outbound, IOptions<ToolOptions> options, TimeProvider time)
    {
        (_options, _time) = (options.Value, time);
        _http = new HttpClient(new BoundedAnswers(_options.MaxAnswerBytes, new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.All,
            ActivityHeadersPropagator = null,
            ConnectTimeout = outbound.Value.ConnectTimeout,
            ConnectCallback = guard.ConnectAsync,
            MaxConnectionsPerServer = outbound.Value.MaxConnections,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 64,
        }))
        {
            // Each question has a time of its own.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>What a server says that it has.</summary>
    /// <exception cref="ToolSourceException">It did not say it.</exception>
    internal Task<IReadOnlyList<Tool>> ListAsync(ToolServer server, CancellationToken cancellationToken) => AskAsync<IReadOnlyList<Tool>>(
        server, _options.ListTimeout,
        async (client, stop) =>
        {
            var tools = new List<Tool>();
            string? cursor = null;
            for (var page = 0; page < MaxPages; page++)
            {
                var result = await client.ListToolsAsync(new ListToolsRequestParams { Cursor = cursor }, stop);
                tools.AddRange(result.Tools);
                cursor = result.NextCursor;
                if (string.IsNullOrEmpty(cursor) || tools.Count > MaxTools)
                {
                    break;
                }
            }

            return string.IsNullOrEmpty(cursor) && tools.Count <= MaxTools
                ? tools
                : throw new ToolSourceException($"The server '{server.Name}' names more tools than {MaxTools}, or in more pages than {MaxPages}.", timedOut: false);
        },
        cancellationToken);

    /// <exception cref="ToolSourceException">It did not answer.</exception>
    internal Task<ToolAnswer> CallAsync(ToolServer server, string tool, JsonElement arguments, CancellationToken cancellationToken) => AskAsync(
        server, server.Timeout,
        async (client, stop) =>
        {
            try
            {
                return AnswerOf(await client.CallToolAsync(
                    new CallToolRequestParams { Name = tool, Arguments = arguments.EnumerateObject().ToDictionary(static a => a.Name, static a => a.Value) }, stop));
            }
            catch (McpProtocolException e)
            {
                // What the server says of the call is an answer like any other, and inspected like one.
                var told = e.Message.Length > MaxRefusal ? e.Message[..MaxRefusal] : e.Message;
                return new ToolAnswer { Texts = [$"The server '{server.Name}' refused the call ({(int)e.ErrorCode}): {told}"], IsError = true };
            }
        },
        cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<T> AskAsync<T>(ToolServer server, TimeSpan patience, Func<McpClient, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(patience, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await using var transport = new HttpClientTransport(TransportOf(server), _http, loggerFactory: null, ownsHttpClient: false);
            await using var client = await McpClient.CreateAsync(transport, new McpClientOptions { InitializationTimeout = patience }, loggerFactory: null, stop.Token);
            return await ask(client, stop.Token);
        }
        catch (ToolSourceException)
        {
            throw;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception e) when (late.IsCancellationRequested || e is TimeoutException)
        {
            throw new ToolSourceException($"The server '{server.Name}' did not answer within {patience.TotalSeconds:0} s.", timedOut: true, e);
        }
        catch (Exception e) when (e is McpException or HttpRequestException or IOException or JsonException or AnswerFormatException or InvalidOperationException or OperationCanceledException)
        {
            throw new ToolSourceException($"The server '{server.Name}' could not be reached, or answered what could not be read.", timedOut: false, e);
        }
    }

    private static string SecretOf(ToolServer server) => server.Secret?.Reveal()
        ?? throw new ToolSourceException($"The settings have no credential for the server '{server.Name}' any more.", timedOut: false);

    private static HttpClientTransportOptions TransportOf(ToolServer server)
    {
        var headers = new Dictionary<string, string>();
        switch (server.Authentication)
        {
            case ToolServerAuthentication.Bearer:
                headers["Authorization"] = $"Bearer {SecretOf(server)}";
                break;
            case ToolServerAuthentication.XApiKey:
                headers["x-api-key"] = SecretOf(server);
                break;
        }

        return new HttpClientTransportOptions
        {
            Endpoint = server.Address!,
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = headers,
            EnableStandaloneGetStream = false,
            MaxReconnectionAttempts = 0,
            Name = server.Name,
        };
    }

    /// <summary>Texts; of anything else, that it was there.</summary>
    private static ToolAnswer AnswerOf(CallToolResult result) => new()
    {
        Texts =
        [
            .. result.Content.Select(static content => content switch
            {
                TextContentBlock text => text.Text,
                EmbeddedResourceBlock { Resource: TextResourceContents embedded } => embedded.Text,
                ResourceLinkBlock link => $"{link.Name} <{link.Uri}>",
                _ => "[withheld: it is no text, and what cannot be inspected is not released]",
            }),
        ],
        Structured = result.StructuredContent ?? default,
        IsError = result.IsError == true,
    };
}
