using System.Buffers;
using Proofgate.Data;
using Proofgate.Enforcement;
using Proofgate.Policy;

namespace Proofgate.Http.Endpoints;

/// <summary><c>GET /v1/datasets/{name}</c>: the columns that this caller may read, and how many rows he may ask for.</summary>
public sealed class DatasetEndpoint(IBundleSource bundles, Pipeline pipeline, LineageDesk lineage) : IEndpoint
{
    public async Task HandleAsync(Exchange exchange)
    {
        if (!bundles.TryGet(out var bundle))
        {
            await exchange.RefuseAsync(503, "no_policy", "No policy bundle is active, so nothing is permitted.", null, exchange.Describe());
            return;
        }

        if (!DatasetCatalog.Of(bundle).Datasets.TryGetValue(exchange.Http.Request.RouteValues["name"] as string ?? string.Empty, out var dataset))
        {
            await exchange.RefuseAsync(404, "dataset_not_found", "There is no such dataset here. GET /v1/datasets lists yours.", null, exchange.Describe());
            return;
        }

        if (await lineage.ReadAsync(exchange, [], exchange.Describe()) is not { } attached)
        {
            return;
        }

        var call = new DescriptionCall
        {
            Id = exchange.Id,
            Caller = exchange.Caller,
            Bundle = bundle,
            Request = exchange.Describe(),
            Action = Vocabulary.Query,
            Resource = dataset.ToEntity(exchange.Caller.Tenant),
            Dataset = dataset,
            Lineage = attached.Lineage,
            Session = attached.Session,
            TraceId = exchange.TraceId,
        };
        switch (await pipeline.AdmitAsync(call, exchange.ClientGone))
        {
            case Ruling<DescriptionCall>.Refused refused:
                await exchange.AnswerAsync(refused.Refusal);
                break;
            case Ruling<DescriptionCall>.Admitted { Call: var admitted }:
                await using (admitted)
                {
                    await CatalogueAnswer.WriteAsync(exchange, admitted, Describe(bundle, dataset, ColumnView.Of(dataset, admitted.Sight)));
                }

                break;
        }
    }

    private static ArrayBufferWriter<byte> Describe(PolicyBundle bundle, Dataset dataset, IReadOnlyList<ColumnView> columns)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        DatasetDescription.Write(body, bundle, dataset, columns);
        return body;
    }
}
