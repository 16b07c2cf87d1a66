using Microsoft.Net.Http.Headers;
using Proofgate.Audit.Events;
using Proofgate.Audit.Sealing;
using Proofgate.Data;
using Proofgate.Data.Planning;
using Proofgate.Data.Querying;
using Proofgate.Enforcement;
using Proofgate.Http.Bodies;
using Proofgate.Policy;

namespace Proofgate.Http.Endpoints;

/// <summary><c>POST /v1/datasets/{name}/query</c>: the path of a query, the same as that of an inference (DESIGN.md) with a connector as its step 10.</summary>
public sealed class DatasetQueryEndpoint(
    IBundleSource bundles, Pipeline pipeline, QueryPlanner planner, RowsWriter rows, ContentDigester digester, BodyReader bodies, LineageDesk lineage) : IEndpoint
{
    public async Task HandleAsync(Exchange exchange)
    {
        // 3. Read the body, once and bounded.
        var (body, fault) = await bodies.ReadAsync(exchange.Http.Request, exchange.Caller.Account, QueryLimits.Bytes, exchange.ClientGone);
        using var owned = body;
        if (fault is not null)
        {
            await exchange.RefuseAsync(fault.Status, fault.Code, fault.Message, null, exchange.Describe());
            return;
        }

        if (await BuildCallAsync(exchange, body!) is not { } call)
        {
            return;
        }

        // 4 to 9. Reserve, decide, plan what the decision allows, make it durable.
        var ruling = await pipeline.AdmitAsync(call, exchange.ClientGone);
        if (ruling is Ruling<QueryCall>.Refused refused)
        {
            await exchange.AnswerAsync(refused.Refusal);
            return;
        }

        // 10 to 12. Ask the source, hand on its rows, record the outcome.
        await using var admitted = ((Ruling<QueryCall>.Admitted)ruling).Call;
        await rows.AnswerAsync(exchange, admitted);
    }

    private async Task<QueryCall?> BuildCallAsync(Exchange exchange, BoundedBody body)
    {
        var headers = exchange.Http.Request.Headers;
        var stream = MediaTypeHeaderValue.TryParseList(headers.Accept, out var accepted) && accepted.Any(static a => a.MediaType.Equals(RowsWriter.StreamType, StringComparison.OrdinalIgnoreCase));
        var record = exchange.Describe(stream: stream, bodyBytes: body.Length, bodyDigest: digester.Digest(exchange.Caller.Tenant, body.Memory.Span));
        if (!bundles.TryGet(out var bundle))
        {
            await exchange.RefuseAsync(503, "no_policy", "No policy bundle is active, so nothing is permitted.", null, record);
            return null;
        }

        if (!DatasetCatalog.Of(bundle).Datasets.TryGetValue(exchange.Http.Request.RouteValues["name"] as string ?? string.Empty, out var dataset))
        {
            await exchange.RefuseAsync(404, "dataset_not_found", "There is no such dataset here. GET /v1/datasets lists yours.", null, record);
            return null;
        }

        var read = QueryParser.Read(body.Memory);
        if (read is QueryRead.Rejected { Fault: var wrong })
        {
            await exchange.RefuseAsync(400, wrong.Code, wrong.Message, wrong.Member, record);
            return null;
        }

        if (!DeclaredLabel.TryRead(headers, bundle.Labels, out var label))
        {
            await exchange.RefuseAsync(400, "invalid_label", $"'{DeclaredLabel.Header}' must be one of {string.Join(", ", bundle.Labels.Names)}.", null, record);
            return null;
        }

        if (!DeclaredPurpose.TryRead(headers, out var purpose))
        {
            await exchange.RefuseAsync(
                400, "invalid_purpose", $"'{DeclaredPurpose.Header}' may be sent once, with 1 to {DeclaredPurpose.MaxLength} printable characters.", null, record);
            return null;
        }

        if (await lineage.ReadAsync(exchange, [], record) is not { } attached)
        {
            return null;
        }

        return Build(exchange, bundle, dataset, ((QueryRead.Understood)read).Query, record) with
        {
            DeclaredLabel = label,
            DeclaredPurpose = purpose,
            Lineage = attached.Lineage,
            Session = attached.Session,
            Stream = stream,
        };
    }

    private QueryCall Build(Exchange exchange, PolicyBundle bundle, Dataset dataset, QuerySyntax query, RequestRecord record) => new()
    {
        Id = exchange.Id,
        Caller = exchange.Caller,
        Bundle = bundle,
        Request = record,
        Action = Vocabulary.Query,
        Resource = dataset.ToEntity(exchange.Caller.Tenant),
        TraceId = exchange.TraceId,
        Dataset = dataset,
        Query = query,
        Planner = planner,
    };
}
