using Proofgate.Identity;
using Proofgate.Identity.ApiKeys;
using Proofgate.Policy;

namespace Proofgate.Http.Manage;

/// <summary><c>POST /manage/keys/{kid}/revoke</c>: ends a key of the caller's tenant for ever.</summary>
public sealed class KeyRevocationEndpoint(ManageDesk desk, KeyAdministration keys, IApiKeyStore store) : IEndpoint
{
    public Task HandleAsync(Exchange exchange) => desk.RunAsync(exchange, _ => Vocabulary.KeyRing(exchange.Caller.Tenant), async (bundle, id) =>
    {
        // A key of another tenant does not exist for this caller.
        if (KeyId.TryParse(exchange.Http.Request.RouteValues["kid"] as string, out var kid)
            && await store.FindAsync(kid, exchange.ClientGone) is { } found && found.Tenant == exchange.Caller.Tenant
            && await keys.RevokeAsync(kid, exchange.Caller.Client, id, exchange.ClientGone) is ApiKeyRevocation.Revoked revoked)
        {
            return await ManageDesk.AnswerAsync(exchange, 200, KeyView.Of(revoked.Record, bundle.Labels), ManageJson.Default.KeyView);
        }

        await ManageDesk.ErrorAsync(exchange, 404, "key_not_found", "There is no such key. GET /manage/keys lists yours.");
        return 404;
    });
}
