using System.Text;
using Proofgate.Audit.Events;
using Proofgate.Audit.Sealing;
using Proofgate.Enforcement;
using Proofgate.Http.Bodies;
using Proofgate.Inference;
using Proofgate.Inference.Models;
using Proofgate.Inference.Routing;
using Proofgate.Inference.Tools;
using Proofgate.Policy;

namespace Proofgate.Http.Endpoints;

/// <summary>The path of one inference call (DESIGN.md), whatever its dialect.</summary>
public sealed class InferenceEndpoint(
    IBundleSource bundles, Pipeline pipeline, TargetRouter router, AnswerWriter answers, ContentDigester digester, BodyReader bodies,
    CallerIds ids, LineageDesk lineage)
{
    internal async Task HandleAsync(Exchange exchange, IDialect dialect)
    {
        if (exchange.Route.Versioned && !ApiVersion.IsGiven(exchange.Http.Request.Query))
        {
            await exchange.RefuseAsync(400, "invalid_api_version", $"'{ApiVersion.Parameter}' must be in the address once, such as '2024-10-21'.", ApiVersion.Parameter, exchange.Describe(dialect.Name));
            return;
        }

        // 1 and 2, route and caller, were the front desk's. 3. Read the body, once and bounded.
        var (body, fault) = await bodies.ReadAsync(exchange.Http.Request, exchange.Caller.Account, null, exchange.ClientGone);
        using var owned = body;
        if (fault is not null)
        {
            await exchange.RefuseAsync(fault.Status, fault.Code, fault.Message, null, exchange.Describe(dialect.Name));
            return;
        }

        var read = dialect.Read(body!.Memory, OriginOf(exchange));
        if (read is DialectRead.Rejected rejected)
        {
            await exchange.RefuseAsync(rejected.Status, rejected.Code, rejected.Message, rejected.Param, Record(exchange, dialect, body, stream: false));
            return;
        }

        using var request = ((DialectRead.Understood)read).Request;
        if (await BuildCallAsync(exchange, dialect, body, request) is not { } call)
        {
            return;
        }

        // 4 to 9. Reserve, decide, inspect, decide again, make it durable: for the first of its targets that policy allows.
        var ways = router.Ways(call);
        var ruling = await pipeline.AdmitAsync(ways[0], [.. ways.Skip(1)], exchange.ClientGone);
        if (ruling is Ruling<InferenceCall>.Refused refused)
        {
            await exchange.AnswerAsync(refused.Refusal);
            return;
        }

        // 10 to 12. Ask the upstream, relay its answer, record the outcome.
        await using var run = router.Begin(((Ruling<InferenceCall>.Admitted)ruling).Call, ways);
        await answers.AnswerAsync(exchange, run);
    }

    private RequestOrigin OriginOf(Exchange exchange)
    {
        var request = exchange.Http.Request;
        return new RequestOrigin
        {
            Ids = ids.Of(exchange.Caller),
            Deployment = request.RouteValues["deployment"] as string,
            Version = request.Headers["anthropic-version"] is { Count: > 0 } version ? version.ToString() : null,
            Betas = [.. request.Headers["anthropic-beta"].SelectMany(static b => (b ?? string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
        };
    }

    private async Task<InferenceCall?> BuildCallAsync(Exchange exchange, IDialect dialect, BoundedBody body, InferenceRequest request)
    {
        var record = Record(exchange, dialect, body, request.Stream) with { Model = Unknown(exchange, request.Model) };
        if (!bundles.TryGet(out var bundle))
        {
            await exchange.RefuseAsync(503, "no_policy", "No policy bundle is active, so nothing is permitted.", null, record);
            return null;
        }

        if (!ModelCatalog.Of(bundle).Models.TryGetValue(request.Model, out var model))
        {
            await exchange.RefuseAsync(404, "model_not_found", $"The model '{request.Model}' does not exist here. GET /v1/models lists yours.", "model", record);
            return null;
        }

        record = record with { Model = new ClientName(model.Name, model.Name.Length, null) };
        if (model.Usable is not { } target)
        {
            await exchange.RefuseAsync(
                503, "model_not_configured", $"No upstream of the model '{request.Model}' is configured in this deployment.", "model", record);
            return null;
        }

        if (model.UsableTargets(dialect).FirstOrDefault() is not { } spoken)
        {
            await exchange.RefuseAsync(
                400, "wrong_dialect", $"The model '{request.Model}' is served by an upstream that does not speak {dialect.Name}. "
                + $"Ask at {Routes.ForModelsOf(target.Upstream.Protocol)}.", "model", record);
            return null;
        }

        if (!DeclaredLabel.TryRead(exchange.Http.Request.Headers, bundle.Labels, out var label))
        {
            await exchange.RefuseAsync(
                400, "invalid_label", $"'{DeclaredLabel.Header}' must be one of {string.Join(", ", bundle.Labels.Names)}.", null, record);
            return null;
        }

        if (!DeclaredPurpose.TryRead(exchange.Http.Request.Headers, out var purpose))
        {
            await exchange.RefuseAsync(
                400, "invalid_purpose", $"'{DeclaredPurpose.Header}' may be sent once, with 1 to {DeclaredPurpose.MaxLength} printable characters.", null, record);
            return null;
        }

        if (await lineage.ReadAsync(exchange, request.Lineage, record) is not { } attached)
        {
            return null;
        }

        return new InferenceCall
        {
            Id = exchange.Id,
            Caller = exchange.Caller,
            Bundle = bundle,
            Request = record,
            Action = Vocabulary.Infer,
            Resource = model.ToEntity(spoken),
            DeclaredLabel = label,
            DeclaredPurpose = purpose,
            Lineage = attached.Lineage,
            Session = attached.Session,
            Stream = request.Stream,
            Opaque = request.Opaque,
            EstimatedTokens = request.EstimatedTokens,
            TraceId = exchange.TraceId,
            Body = request,
            Speech = dialect,
            Model = model,
            Target = spoken,
            ClientTools = ClientToolCatalog.Of(bundle).Named(request.ClientTools),
        };
    }

    /// <summary>A name that is not in the catalogue could be anything: it is recorded by length and digest only.</summary>
    private ClientName Unknown(Exchange exchange, string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        return new ClientName(null, bytes.Length, digester.Digest(exchange.Caller.Tenant, bytes));
    }

    private RequestRecord Record(Exchange exchange, IDialect dialect, BoundedBody body, bool stream) =>
        exchange.Describe(dialect.Name, stream, body.Length, digester.Digest(exchange.Caller.Tenant, body.Memory.Span));
}
