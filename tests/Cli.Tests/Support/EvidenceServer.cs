using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Cosigning;
using Proofgate.Audit.Tiles;
using Proofgate.Tests.Support;

namespace Proofgate.Cli.Tests.Support;

/// <summary>Serves a folder of evidence on the routes that a gateway has, by what a gateway reads it with.</summary>
internal sealed class EvidenceServer(IEvidenceStore store, ILedgerTable table, TimeProvider time, params IReadOnlyList<WitnessEndpoint> witnesses)
{
    private readonly EvidenceReader _reader = new(store, table, RecordedEvidence.Origin, time, witnesses);

    internal static Task<FakeGateway> StartAsync(string folder, ILedgerTable table, TimeProvider time) =>
        FakeGateway.StartAsync(new EvidenceServer(new Audit.Evidence.FileEvidenceStore(folder), table, time).AnswerAsync);

    internal async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!.Split('/');
        var isPublic = path is ["", "audit", "log", _, "checkpoint"] or ["", "audit", "log", _, "tile", [>= '0' and <= '9'], ..];
        if (!isPublic && http.Request.Headers.Authorization != $"Bearer {Workplace.Key}")
        {
            await RefuseAsync(http, 403, "policy_denied");
            return;
        }

        switch (path)
        {
            case ["", "audit", "log", var log, "checkpoint"]:
                await AnswerAsync(http, await _reader.CheckpointAsync(log, http.RequestAborted));
                break;
            case ["", "audit", "log", var log, "tile", .. var tile] when TileId.TryParse(string.Join('/', tile), out var id):
                await AnswerAsync(http, await _reader.FileAsync(log, id, http.RequestAborted));
                break;
            case ["", "audit", "log", var log, ("index" or "large") and var kind, .. var tile] when TileId.TryParse("entries/" + string.Join('/', tile), out var id):
                await AnswerAsync(http, await _reader.FileAsync(log, id with { Kind = kind == "index" ? TileKind.Ids : TileKind.Large }, http.RequestAborted));
                break;
            case ["", "audit", "events"]:
                var heads = await _reader.HeadsAsync(http.RequestAborted);
                await JsonAsync(http, new JsonObject
                {
                    ["tenant"] = http.Request.Query["tenant"].ToString(),
                    ["logs"] = new JsonArray([.. heads.Select(static h => new JsonObject { ["name"] = h.Log, ["size"] = h.Size })]),
                    ["keyChanges"] = new JsonArray(
                        [.. (await _reader.KeyChangesAsync(http.RequestAborted).ToListAsync(http.RequestAborted)).Select(static c => new JsonObject { ["leaf"] = c.Leaf, ["note"] = Encoding.UTF8.GetString(c.Note) })]),
                });
                break;
            case ["", "audit", "events", var log]:
                await EventsAsync(http, log);
                break;
            default:
                await RefuseAsync(http, 404, "not_found");
                break;
        }
    }

    /// <summary>In small pages, so that they have to be put together.</summary>
    private async Task EventsAsync(HttpContext http, string log)
    {
        var (tenant, from) = (http.Request.Query["tenant"].ToString(), Number(http, "from"));
        var view = await _reader.OfTenantAsync(log, tenant, Number(http, "size"), http.RequestAborted);
        var events = new JsonArray();
        await foreach (var found in view!.ReadAsync(from, from + 100, (id, ct) => _reader.OwnsAsync(tenant, id, ct), http.RequestAborted))
        {
            events.Add((JsonNode)new JsonObject
            {
                ["index"] = found.Index,
                ["id"] = found.Id.ToString(),
                ["decision"] = found.Decision?.ToString(),
                ["proof"] = Encoding.UTF8.GetString(found.Proof.ToBytes()),
            });
        }

        await JsonAsync(http, new JsonObject { ["tenant"] = tenant, ["log"] = log, ["next"] = from + 100 < view.Size ? from + 100 : null, ["events"] = events });
    }

    private static long Number(HttpContext http, string name) => long.Parse(http.Request.Query[name].ToString(), CultureInfo.InvariantCulture);

    private static Task JsonAsync(HttpContext http, JsonObject body)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(body.ToJsonString(), http.RequestAborted);
    }

    private static Task AnswerAsync(HttpContext http, byte[]? file) =>
        file is null ? RefuseAsync(http, 404, "not_found") : http.Response.Body.WriteAsync(file, http.RequestAborted).AsTask();

    internal static Task RefuseAsync(HttpContext http, int status, string code)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/problem+json";
        return http.Response.WriteAsync($$"""{"status":{{status}},"detail":"x","code":"{{code}}"}""", http.RequestAborted);
    }
}
