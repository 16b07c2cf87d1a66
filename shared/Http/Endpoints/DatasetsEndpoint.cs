using System.Buffers;
using System.Text.Json;
using Proofgate.Cedar;
using Proofgate.Data;
using Proofgate.Enforcement;
using Proofgate.Policy;

namespace Proofgate.Http.Endpoints;

/// <summary><c>GET /v1/datasets</c>: the datasets that this caller may query, each by its own decision.</summary>
public sealed class DatasetsEndpoint(IBundleSource bundles, SourceChecks sources, Pipeline pipeline, LineageDesk lineage) : IEndpoint
{
    private static readonly Entity Catalogue = new(new EntityUid("Proofgate::Catalog", "datasets"));

    public async Task HandleAsync(Exchange exchange)
    {
        if (!bundles.TryGet(out var bundle))
        {
            await exchange.RefuseAsync(503, "no_policy", "No policy bundle is active, so nothing is permitted.", null, exchange.Describe());
            return;
        }

        if (await lineage.ReadAsync(exchange, [], exchange.Describe()) is not { } attached)
        {
            return;
        }

        var datasets = DatasetCatalog.Of(bundle).Datasets;
        var listed = new List<EntityUid>();
        var call = new ListingCall
        {
            Id = exchange.Id,
            Caller = exchange.Caller,
            Bundle = bundle,
            Request = exchange.Describe(),
            Action = Vocabulary.Query,
            Resource = Catalogue,
            Lineage = attached.Lineage,
            Session = attached.Session,
            TraceId = exchange.TraceId,
        };
        var candidates = datasets.Values.Where(sources.IsConfigured).Select(d => d.ToEntity(exchange.Caller.Tenant)).ToList();
        switch (await pipeline.ListAsync(call, candidates, listed, exchange.ClientGone))
        {
            case Ruling<ListingCall>.Refused refused:
                await exchange.AnswerAsync(refused.Refusal);
                break;
            case Ruling<ListingCall>.Admitted { Call: var admitted }:
                await using (admitted)
                {
                    await CatalogueAnswer.WriteAsync(exchange, admitted, Describe(bundle, listed.Select(d => datasets[d.Id])));
                }

                break;
        }
    }

    private static ArrayBufferWriter<byte> Describe(PolicyBundle bundle, IEnumerable<Dataset> datasets)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(body);
        writer.WriteStartObject();
        writer.WriteStartArray("datasets"u8);
        foreach (var dataset in datasets)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, dataset.Name);
            writer.WriteString("label"u8, bundle.Labels.NameOf(dataset.Label));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return body;
    }
}
