using Proofgate.Identity.ApiKeys;
using Proofgate.Policy;

namespace Proofgate.Http.Manage;

/// <summary><c>POST /manage/keys/{kid}/rotate</c>: makes a successor of a key of the caller's tenant, and lets the old one end after an overlap (K5).</summary>
public sealed class KeyRotationEndpoint(ManageDesk desk, KeyAdministration keys) : IEndpoint
{
    public async Task HandleAsync(Exchange exchange)
    {
        var (request, fault) = await desk.ReadAsync(exchange, exchange.Caller.Account, ManageJson.Default.RotationRequest);
        if (request is null)
        {
            await exchange.RefuseAsync(fault!.Status, fault.Code, fault.Message, null, exchange.Describe());
            return;
        }

        await desk.RunAsync(exchange, _ => Vocabulary.KeyRing(exchange.Caller.Tenant), async (bundle, id) =>
        {
            if (Overlap(request) is not { } overlap)
            {
                return await ManageDesk.RefuseAsync(exchange, 400, "invalid_rotation", $"overlapHours must be 0 to {ApiKeyService.LongestOverlap.TotalHours}.");
            }

            ApiKeyRotation rotation = await keys.FindAsync(exchange.Http.Request.RouteValues["kid"] as string, exchange.Caller.Tenant, exchange.ClientGone) is { } found
                ? await keys.RotateAsync(found.Id, overlap, exchange.Caller.Client, id, exchange.ClientGone)
                : new ApiKeyRotation.NotFound();
            return rotation switch
            {
                ApiKeyRotation.Rotated rotated => await ManageDesk.AnswerAsync(
                    exchange, 201,
                    new RotatedKey(rotated.Key.Reveal(), KeyView.Of(rotated.Successor, bundle.Labels), KeyView.Of(rotated.Retired, bundle.Labels)),
                    ManageJson.Default.RotatedKey),
                ApiKeyRotation.NotActive => await ManageDesk.RefuseAsync(exchange, 409, "key_not_active", "The key is revoked or has expired, or was changed just now: only an active key is rotated."),
                ApiKeyRotation.HasSuccessor next => await ManageDesk.RefuseAsync(
                    exchange, 409, "key_has_successor", $"The key was rotated already, and its successor {next.Successor} is alive: rotate that one, or revoke it first."),
                _ => await ManageDesk.RefuseAsync(exchange, 404, KeyAdministration.NotFoundCode, KeyAdministration.NotFoundText),
            };
        });
    }

    private static TimeSpan? Overlap(RotationRequest request) =>
        request.OverlapHours is not { } hours ? ApiKeyService.DefaultOverlap
        : hours >= 0 && hours <= ApiKeyService.LongestOverlap.TotalHours ? TimeSpan.FromHours(hours)
        : null;
}
