using System.Buffers;
using System.Text.Json;
using Proofgate.Cedar;
using Proofgate.Enforcement;
using Proofgate.Inference.Models;
using Proofgate.Policy;

namespace Proofgate.Http.Endpoints;

/// <summary><c>GET /v1/models</c>: the models that this caller may use, each by its own decision.</summary>
public sealed class ModelsEndpoint(IBundleSource bundles, Pipeline pipeline, LineageDesk lineage) : IEndpoint
{
    private static readonly Entity Catalogue = new(new EntityUid("Proofgate::Catalog", "models"));

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

        var candidates = ModelCatalog.Of(bundle).Models.Values
            .Where(static m => m.Usable is not null)
            .Select(static m => m.ToEntity(m.Usable!))
            .ToList();
        var listed = new List<EntityUid>();
        var call = new ListingCall
        {
            Id = exchange.Id,
            Caller = exchange.Caller,
            Bundle = bundle,
            Request = exchange.Describe(),
            Action = Vocabulary.Infer,
            Resource = Catalogue,
            Lineage = attached.Lineage,
            Session = attached.Session,
            TraceId = exchange.TraceId,
        };
        switch (await pipeline.ListAsync(call, candidates, listed, exchange.ClientGone))
        {
            case Ruling<ListingCall>.Refused refused:
                await exchange.AnswerAsync(refused.Refusal);
                break;
            case Ruling<ListingCall>.Admitted { Call: var admitted }:
                await using (admitted)
                {
                    await AnswerAsync(exchange, admitted, listed);
                }

                break;
        }
    }

    private static Task AnswerAsync(Exchange exchange, AdmittedCall<ListingCall> call, List<EntityUid> models)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteString("object"u8, "list"u8);
            writer.WriteStartArray("data"u8);
            foreach (var model in models)
            {
                writer.WriteStartObject();
                writer.WriteString("id"u8, model.Id);
                writer.WriteString("object"u8, "model"u8);
                writer.WriteNumber("created"u8, 0);
                writer.WriteString("owned_by"u8, "proofgate"u8);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return CatalogueAnswer.WriteAsync(exchange, call, body);
    }
}
