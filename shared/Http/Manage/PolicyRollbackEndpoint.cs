using Proofgate.Policy;
using Proofgate.Policy.Signing;

namespace Proofgate.Http.Manage;

/// <summary><c>POST /manage/policy/rollback</c>: makes an earlier bundle decide again, under a new number.</summary>
public sealed class PolicyRollbackEndpoint(ManageDesk desk, PolicyDesk policy, PolicyAdministration policies) : IEndpoint
{
    private const int MaxBodyBytes = 16 * 1024;

    public async Task HandleAsync(Exchange exchange)
    {
        if (await desk.ReadOrRefuseAsync(exchange, ManageJson.Default.RollbackRequest, MaxBodyBytes) is { } request)
        {
            await desk.RunAsync(exchange, policy.Resource, (_, _) => request.Digest is { } digest && !Digests.Is(digest)
                ? ManageDesk.RefuseAsync(exchange, 400, "invalid_digest", "digest must be 64 hexadecimal digits in lower case.")
                : policy.ChangeAsync(
                    exchange,
                    expected => policies.RollBackAsync(request.Digest, PolicyEndpoint.Optional(request.Activation), expected, exchange.ClientGone)));
        }
    }
}
