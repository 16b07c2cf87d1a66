using System.Buffers;
using System.Text.Json;
using Proofgate.Data;
using Proofgate.Data.Querying;
using Proofgate.Enforcement;
using Proofgate.Policy;

namespace Proofgate.Http.Endpoints;

/// <summary><c>GET /v1/datasets/{name}</c>: the columns that this caller may read, and how many rows he may ask for.</summary>
public sealed class DatasetEndpoint(IBundleSource bundles, Pipeline pipeline) : IEndpoint
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

        var call = new DescriptionCall
        {
            Id = exchange.Id,
            Caller = exchange.Caller,
            Bundle = bundle,
            Request = exchange.Describe(),
            Action = Vocabulary.Query,
            Resource = dataset.ToEntity(exchange.Caller.Tenant),
            Dataset = dataset,
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
        using var writer = new Utf8JsonWriter(body);
        writer.WriteStartObject();
        writer.WriteString("name"u8, dataset.Name);
        writer.WriteString("label"u8, bundle.Labels.NameOf(dataset.Label));
        writer.WriteNumber("maxRows"u8, dataset.Limits.MaxRows);
        writer.WriteNumber("defaultRows"u8, Math.Min(QueryLimits.DefaultRows, dataset.Limits.MaxRows));
        writer.WriteNumber("minGroup"u8, dataset.Limits.MinGroup);
        writer.WriteStartArray("columns"u8);
        foreach (var (column, isComparable) in columns)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, column.Name);
            writer.WriteString("type"u8, column.Type.ToString().ToLowerInvariant());
            writer.WriteString("label"u8, bundle.Labels.NameOf(column.Label));
            if (column.Kind is { } kind)
            {
                writer.WriteString("kind"u8, kind.Name);
            }

            writer.WriteBoolean("required"u8, column.IsRequired);
            writer.WriteBoolean("comparable"u8, isComparable);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return body;
    }
}
