using Proofgate.Policy;

namespace Proofgate.Http.Manage;

/// <summary><c>POST /manage/policy/check</c>: everything that would keep a bundle from being activated. Nothing is changed by it.</summary>
public sealed class PolicyCheckEndpoint(ManageDesk desk, PolicyDesk policy, PolicyAdministration policies) : IEndpoint
{
    public async Task HandleAsync(Exchange exchange)
    {
        if (await desk.ReadOrRefuseAsync(exchange, ManageJson.Default.PolicyCheckRequest, PolicyDesk.MaxBodyBytes) is { } request)
        {
            await desk.RunAsync(exchange, policy.Resource, (_, _) =>
            {
                var check = policies.Check(request.Bundle);
                var view = new PolicyCheckView(check.Problems.Count == 0, check.Digest, check.Name, check.Author, check.Problems);
                return ManageDesk.AnswerAsync(exchange, 200, view, ManageJson.Default.PolicyCheckView);
            });
        }
    }
}
