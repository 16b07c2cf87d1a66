using Microsoft.AspNetCore.Http;
using Proofgate.Policy;

namespace Proofgate.Http.Manage;

/// <summary><c>GET</c> and <c>POST /manage/policy</c>: what decides now, and a signed bundle to decide from now on.</summary>
public sealed class PolicyEndpoint(ManageDesk desk, PolicyDesk policy, PolicyAdministration policies, IBundleSource source) : IEndpoint
{
    public Task HandleAsync(Exchange exchange) => HttpMethods.IsPost(exchange.Http.Request.Method) ? ActivateAsync(exchange) : ShowAsync(exchange);

    private async Task ActivateAsync(Exchange exchange)
    {
        if (await desk.ReadOrRefuseAsync(exchange, ManageJson.Default.PolicyRequest, PolicyDesk.MaxBodyBytes) is { } request)
        {
            await desk.RunAsync(exchange, policy.Resource, (_, _) => policy.ChangeAsync(
                exchange,
                expected => policies.ActivateAsync(request.Bundle, Optional(request.Activation), expected, exchange.ClientGone)));
        }
    }

    private Task ShowAsync(Exchange exchange) => desk.RunAsync(exchange, policy.Resource, async (_, _) =>
    {
        var (active, next) = await policies.ReadAsync(exchange.ClientGone);
        var state = source.State;
        var digest = policies.HasStore ? active?.Digest : state.Digest;
        exchange.Http.Response.Headers.ETag = PolicyDesk.TagOf(digest);
        var view = new PolicyView
        {
            Source = policies.HasStore ? "store" : "folder",
            Digest = digest,
            Activation = active is null ? null : ActivationView.Of(active),
            NextSequence = policies.HasStore ? next : null,
            RequiresApproval = policies.RequiresApproval,
            NeedsSignature = policies.HasStore && policies.NeedsSignature,
            Serving = state.Digest,
            Name = state.Name,
            Since = state.Since,
            Rejected = state.Rejected.Count == 0 ? null : new RejectionView(state.RejectedDigest, state.Rejected),
        };
        return await ManageDesk.AnswerAsync(exchange, 200, view, ManageJson.Default.PolicyView);
    });

    /// <summary>Spelled out: a plain null would become an empty memory, and so a signature.</summary>
    internal static ReadOnlyMemory<byte>? Optional(byte[]? bytes) => bytes is null ? default(ReadOnlyMemory<byte>?) : bytes;
}
