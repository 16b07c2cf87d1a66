using ModelContextProtocol.Protocol;
using Proofgate.Audit.Sealing;
using Proofgate.Http.Bodies;
using Proofgate.Http.Endpoints;
using Proofgate.Policy;

namespace Proofgate.Http.Mcp;

/// <summary>
/// <c>POST /mcp</c>: one message of the Model Context Protocol (streamable HTTP, without sessions). Every message has its own credential, decision and audit pair, whatever its method:
/// a tool or resource is decided by <c>useTool</c> on it, and a list names what may be used.
/// </summary>
public sealed class McpEndpoint(
    IBundleSource bundles, BodyReader bodies, ContentDigester digester, OriginCheck origins, McpListings listings, McpToolCalls calls, McpReadings readings,
    LineageDesk lineage) : IEndpoint
{
    private const string Dialect = "mcp";

    public async Task HandleAsync(Exchange exchange)
    {
        var http = exchange.Http.Request;
        if (!origins.Admits(http))
        {
            await exchange.RefuseAsync(403, "origin_not_allowed", "This host or origin is none of this deployment's (Proofgate:PublicOrigins, Proofgate:Cors).", null, exchange.Describe(Dialect));
            return;
        }

        if (!Accepts(http.Headers.Accept.ToString()))
        {
            await exchange.RefuseAsync(406, "not_acceptable", "Answers are 'application/json': accept them.", null, exchange.Describe(Dialect));
            return;
        }

        var (body, fault) = await bodies.ReadAsync(http, exchange.Caller.Account, null, exchange.ClientGone);
        using var owned = body;
        if (fault is not null)
        {
            await exchange.RefuseAsync(fault.Status, fault.Code, fault.Message, null, exchange.Describe(Dialect));
            return;
        }

        await HandleAsync(exchange, body!);
    }

    private async Task HandleAsync(Exchange exchange, BoundedBody body)
    {
        var record = exchange.Describe(Dialect, bodyBytes: body.Length, bodyDigest: digester.Digest(exchange.Caller.Tenant, body.Memory.Span));
        var read = RpcReader.Read(body.Memory);
        if (read is RpcRead.Rejected rejected)
        {
            await exchange.RefuseAsync(400, rejected.Code, rejected.Text, null, record);
            return;
        }

        using var message = ((RpcRead.Understood)read).Message;
        exchange.RpcId = message.Id;
        if (McpHeaders.FaultOf(exchange.Http.Request.Headers, message, out var version) is { } disagreement)
        {
            await exchange.RefuseAsync(400, disagreement.Code, disagreement.Text, null, record);
            return;
        }

        if (!bundles.TryGet(out var bundle))
        {
            await exchange.RefuseAsync(503, "no_policy", "No policy bundle is active, so nothing is permitted.", null, record);
            return;
        }

        if (await lineage.ReadAsync(exchange, [], record) is not { } attached)
        {
            return;
        }

        var request = new McpRequest(exchange, message, version, bundle, record, attached);
        await (message.Method switch
        {
            RequestMethods.ToolsCall when message.Id is not null => calls.HandleAsync(request),
            RequestMethods.ResourcesRead when message.Id is not null => readings.HandleAsync(request),
            _ => listings.HandleAsync(request),
        });
    }

    private static bool Accepts(string accept) =>
        accept.Length == 0 || accept.Contains("application/json", StringComparison.OrdinalIgnoreCase) || accept.Contains("*/*", StringComparison.Ordinal)
        || accept.Contains("application/*", StringComparison.OrdinalIgnoreCase);
}
