using Microsoft.AspNetCore.Http;
using Proofgate.Identity.Denials;
using Proofgate.Policy;

namespace Proofgate.Http.Manage;

/// <summary><c>GET</c> and <c>POST /manage/deny</c>: lists what a tenant denies, denies more (K6).</summary>
public sealed class DenialsEndpoint(ManageDesk desk, DenyAdministration denials) : IEndpoint
{
    public Task HandleAsync(Exchange exchange) => HttpMethods.IsPost(exchange.Http.Request.Method) ? AddAsync(exchange) : ListAsync(exchange);

    private async Task AddAsync(Exchange exchange)
    {
        var (request, fault) = await desk.ReadAsync(exchange, exchange.Caller.Account, ManageJson.Default.DenyRequest);
        if (request is null)
        {
            await exchange.RefuseAsync(fault!.Status, fault.Code, fault.Message, null, exchange.Describe());
            return;
        }

        await desk.RunAsync(exchange, _ => Vocabulary.KeyRing(exchange.Caller.Tenant), async (_, id) =>
        {
            if (!DenyKinds.TryParse(request.Kind, out var kind))
            {
                return await ManageDesk.RefuseAsync(exchange, 400, "invalid_deny_request", $"kind must be one of {string.Join(", ", DenyKinds.All)}.");
            }

            var entry = new DenyEntry
            {
                Tenant = exchange.Caller.Tenant,
                Kind = kind,
                Value = request.Value ?? string.Empty,
                Until = request.Until,
                Reason = request.Reason,
                By = exchange.Caller.Client,
                Created = default,
            };
            return await denials.AddAsync(entry, exchange.Caller, request.Force, id, exchange.ClientGone) switch
            {
                DenyAddition.Added added => await ManageDesk.AnswerAsync(exchange, added.IsNew ? 201 : 200, DenyView.Of(added.Entry), ManageJson.Default.DenyView),
                DenyAddition.Invalid invalid => await ManageDesk.RefuseAsync(exchange, 400, "invalid_deny_request", string.Join(" ", invalid.Problems)),
                DenyAddition.Full { OfTenant: true } full => await ManageDesk.RefuseAsync(
                    exchange, 409, "deny_list_full", $"Your tenant has {full.Limit} entries, which is the most: lift some, or deny what they have in common."),
                DenyAddition.Full full => await ManageDesk.RefuseAsync(
                    exchange, 409, "deny_list_full", $"The deny list of this deployment has {full.Limit} entries, which is the most: lift some."),
                _ => await ManageDesk.RefuseAsync(
                    exchange, 409, "denies_yourself", "This entry would refuse the credential that you are using. Ask with another one, or set force."),
            };
        });
    }

    private Task ListAsync(Exchange exchange) => desk.RunAsync(exchange, _ => Vocabulary.KeyRing(exchange.Caller.Tenant), async (_, _) =>
    {
        var entries = await denials.ListAsync(exchange.Caller.Tenant, exchange.ClientGone);
        return await ManageDesk.AnswerAsync(exchange, 200, new DenyListing([.. entries.Select(DenyView.Of)]), ManageJson.Default.DenyListing);
    });
}
