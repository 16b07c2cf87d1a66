using Proofgate.Policy;

namespace Proofgate.Http.Manage;

/// <summary><c>DELETE /manage/deny/{id}</c>: takes an entry of the caller's tenant off the deny list.</summary>
public sealed class DenialEndpoint(ManageDesk desk, DenyAdministration denials) : IEndpoint
{
    public Task HandleAsync(Exchange exchange) => desk.RunAsync(exchange, _ => Vocabulary.KeyRing(exchange.Caller.Tenant), async (_, id) =>
    {
        // An entry of another tenant does not exist for this caller.
        if (exchange.Http.Request.RouteValues["id"] is string name
            && await denials.LiftAsync(name, exchange.Caller, id, exchange.ClientGone) is { } lifted)
        {
            return await ManageDesk.AnswerAsync(exchange, 200, DenyView.Of(lifted), ManageJson.Default.DenyView);
        }

        return await ManageDesk.RefuseAsync(exchange, 404, "deny_entry_not_found", "There is no such entry. GET /manage/deny lists yours.");
    });
}
