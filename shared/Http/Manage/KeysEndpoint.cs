using Microsoft.AspNetCore.Http;
using Proofgate.Identity.ApiKeys;
using Proofgate.Identity.Usage;
using Proofgate.Policy;

namespace Proofgate.Http.Manage;

/// <summary><c>GET</c> and <c>POST /manage/keys</c>: lists a tenant's keys, makes one.</summary>
public sealed class KeysEndpoint(ManageDesk desk, KeyAdministration keys, KeyProofs proofs, IKeyUseStore uses, TimeProvider time) : IEndpoint
{
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

    private Task ListAsync(Exchange exchange) => desk.RunAsync(exchange, _ => Vocabulary.KeyRing(exchange.Caller.Tenant), async (bundle, _) =>
    {
        var views = new List<KeyView>();
        var days = await uses.ReadAsync(exchange.ClientGone);
        await foreach (var record in keys.ListAsync(exchange.ClientGone))
        {
            if (record.Tenant == exchange.Caller.Tenant)
            {
                views.Add(KeyView.Of(record, bundle.Labels, days.TryGetValue(record.Id, out var day) ? day : null));
            }
        }

        return await ManageDesk.AnswerAsync(exchange, 200, new KeyList(views), ManageJson.Default.KeyList);
    });
}
