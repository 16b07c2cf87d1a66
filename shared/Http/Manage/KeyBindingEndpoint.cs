using Proofgate.Identity.ApiKeys;
using Proofgate.Policy;

namespace Proofgate.Http.Manage;

/// <summary>
/// <c>POST /manage/keys/{kid}/bind</c>: binds a key of the caller's tenant to a key pair for life (K4). It takes <c>manage</c> and a proof by the pair,
/// never the API key itself: a thief must not bind it.
/// </summary>
public sealed class KeyBindingEndpoint(ManageDesk desk, KeyAdministration keys, KeyProofs proofs) : IEndpoint
{
    public async Task HandleAsync(Exchange exchange)
    {
        var (request, fault) = await desk.ReadAsync(exchange, exchange.Caller.Account, ManageJson.Default.BindingRequest);
        if (request is null)
        {
            await exchange.RefuseAsync(fault!.Status, fault.Code, fault.Message, null, exchange.Describe());
            return;
        }

        await desk.RunAsync(exchange, _ => Vocabulary.KeyRing(exchange.Caller.Tenant), async (bundle, id) =>
        {
            if (await keys.FindAsync(exchange.Http.Request.RouteValues["kid"] as string, exchange.Caller.Tenant, exchange.ClientGone) is not { } found)
            {
                return await ManageDesk.RefuseAsync(exchange, 404, KeyAdministration.NotFoundCode, KeyAdministration.NotFoundText);
            }

            var (thumbprint, status) = await proofs.ProveAsync(exchange, request.Proof, $"/manage/keys/{found.Id}/bind");
            if (thumbprint is null)
            {
                return status;
            }

            return await keys.BindAsync(found.Id, thumbprint, exchange.Caller.Client, id, exchange.ClientGone) switch
            {
                ApiKeyBinding.Bound bound => await ManageDesk.AnswerAsync(exchange, 200, KeyView.Of(bound.Record, bundle.Labels), ManageJson.Default.KeyView),
                ApiKeyBinding.AlreadyBound => await ManageDesk.RefuseAsync(
                    exchange, 409, "key_already_bound", "The key is bound to a key pair already, and that is for life: make a new key for another pair."),
                ApiKeyBinding.NotActive => await ManageDesk.RefuseAsync(exchange, 409, "key_not_active", "The key is revoked or has expired."),
                _ => await ManageDesk.RefuseAsync(exchange, 404, KeyAdministration.NotFoundCode, KeyAdministration.NotFoundText),
            };
        });
    }
}
