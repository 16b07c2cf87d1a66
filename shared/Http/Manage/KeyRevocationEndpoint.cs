using Proofgate.Identity.ApiKeys;
using Proofgate.Policy;

namespace Proofgate.Http.Manage;

/// <summary><c>POST /manage/keys/{kid}/revoke</c>: ends a key of the caller's tenant for ever.</summary>
public sealed class KeyRevocationEndpoint(ManageDesk desk, KeyAdministration keys) : IEndpoint
{
    public Task HandleAsync(Exchange exchange) => desk.RunAsync(exchange, _ => Vocabulary.KeyRing(exchange.Caller.Tenant), async (bundle, id) =>
        await keys.FindAsync(exchange.Http.Request.RouteValues["kid"] as string, exchange.Caller.Tenant, exchange.ClientGone) is { } found
            && await keys.RevokeAsync(found.Id, exchange.Caller.Client, id, exchange.ClientGone) is ApiKeyRevocation.Revoked revoked
            ? await ManageDesk.AnswerAsync(exchange, 200, KeyView.Of(revoked.Record, bundle.Labels), ManageJson.Default.KeyView)
            : await ManageDesk.RefuseAsync(exchange, 404, KeyAdministration.NotFoundCode, KeyAdministration.NotFoundText));
}
