using Microsoft.AspNetCore.Http;
using Proofgate.Identity;
using Proofgate.Identity.ApiKeys;
using Proofgate.Identity.Usage;
using Proofgate.Policy;

namespace Proofgate.Http.Manage;

/// <summary><c>GET</c> and <c>POST /manage/keys</c>: lists a tenant's keys page by page, makes one.</summary>
public sealed class KeysEndpoint(ManageDesk desk, KeyAdministration keys, KeyProofs proofs, IKeyUseStore uses, TimeProvider time) : IEndpoint
{
    /// <summary>Keys of one page.</summary>
    internal const int MaxKeys = 500;

    /// <summary>Keys of anybody that one page looks at.</summary>
    internal const int MaxLooked = 5000;

    public Task HandleAsync(Exchange exchange) => HttpMethods.IsPost(exchange.Http.Request.Method) ? CreateAsync(exchange) : ListAsync(exchange);

    private async Task CreateAsync(Exchange exchange)
    {
        var (request, fault) = await desk.ReadAsync(exchange, exchange.Caller.Account, ManageJson.Default.KeyRequest);
        if (request is null)
        {
            await exchange.RefuseAsync(fault!.Status, fault.Code, fault.Message, null, exchange.Describe());
            return;
        }

        var tenant = request.Tenant ?? exchange.Caller.Tenant;
        if (!TenantNames.IsName(tenant))
        {
            // Before the decision: its event names the tenant, and the ledger holds names only.
            await exchange.RefuseAsync(400, "invalid_key_request", TenantNames.Problem, null, exchange.Describe());
            return;
        }

        await desk.RunAsync(exchange, _ => Vocabulary.KeyRing(tenant), async (bundle, id) =>
        {
            var (spec, problems) = KeySpecs.Read(request, tenant, bundle.Labels, time.GetUtcNow());
            if (spec is not null && request.Proof is { } proof)
            {
                var (thumbprint, status) = await proofs.ProveAsync(exchange, proof, Routes.Keys.Template);
                if (thumbprint is null)
                {
                    return status;
                }

                spec = spec with { Thumbprint = thumbprint };
            }

            var creation = spec is null
                ? new ApiKeyCreation.Invalid(problems)
                : await keys.CreateAsync(spec, exchange.Caller.Client, id, exchange.ClientGone);
            if (creation is ApiKeyCreation.Created created)
            {
                return await ManageDesk.AnswerAsync(
                    exchange, 201, new CreatedKey(created.Key.Reveal(), KeyView.Of(created.Record, bundle.Labels)), ManageJson.Default.CreatedKey);
            }

            return await ManageDesk.RefuseAsync(exchange, 400, "invalid_key_request", string.Join(" ", ((ApiKeyCreation.Invalid)creation).Problems));
        });
    }

    private async Task ListAsync(Exchange exchange)
    {
        KeyId? after = null;
        var given = exchange.Http.Request.Query["after"];
        if (given.Count > 0)
        {
            if (given is not [{ } kid] || !KeyId.TryParse(kid, out var id))
            {
                await exchange.RefuseAsync(400, "invalid_place", "'after' is the id of a key: the last one of the page before.", "after", exchange.Describe());
                return;
            }

            after = id;
        }

        await desk.RunAsync(exchange, _ => Vocabulary.KeyRing(exchange.Caller.Tenant), async (bundle, _) =>
            await ManageDesk.AnswerAsync(exchange, 200, await PageAsync(exchange, after, bundle.Labels), ManageJson.Default.KeyList));
    }

    /// <summary>A page is bounded in what it holds and in what is looked at for it: a table has the keys of all tenants.</summary>
    private async Task<KeyList> PageAsync(Exchange exchange, KeyId? after, LabelScale labels)
    {
        var (records, looked, next) = (new List<ApiKeyRecord>(), 0, (KeyId?)null);
        await foreach (var record in keys.ListAsync(after, exchange.ClientGone))
        {
            if (records.Count == MaxKeys || looked++ == MaxLooked)
            {
                next = after;
                break;
            }

            after = record.Id;
            if (record.Tenant == exchange.Caller.Tenant)
            {
                records.Add(record);
            }
        }

        var days = records.Count > 0 ? await uses.ReadAsync(records[0].Id, records[^1].Id, exchange.ClientGone) : new Dictionary<KeyId, DateOnly>();
        return new KeyList([.. records.Select(r => KeyView.Of(r, labels, days.TryGetValue(r.Id, out var day) ? day : null))], next?.ToString());
    }
}
