using Proofgate.Cedar;
using Proofgate.Policy;
using Proofgate.Policy.Bundles;

namespace Proofgate.Http.Manage;

/// <summary>What the routes of <c>/manage/policy</c> have in common.</summary>
public sealed class PolicyDesk(PolicyAdministration policies)
{
    /// <summary>A bundle in base64, and room for the rest of the body.</summary>
    internal const int MaxBodyBytes = ((SignedBundle.MaxBytes + 2) / 3 * 4) + (16 * 1024);

    /// <summary>The entity tag of no bundle.</summary>
    private const string NoDigest = "none";

    /// <summary>Policy is one for all tenants, so one tenant's administrators manage it, whoever else is an administrator of their own.</summary>
    internal Entity Resource(PolicyBundle bundle) => Vocabulary.PolicyStore(policies.Tenant);

    internal static string TagOf(string? digest) => $"\"{digest ?? NoDigest}\"";

    /// <summary>
    /// Acts on the policy that the asker takes to be active (<c>If-Match</c>, RFC 9110, 13.1.1), so that two administrators do not overwrite each other.
    /// </summary>
    internal async Task<int> ChangeAsync(Exchange exchange, Func<string?, Task<PolicyChange>> change)
    {
        if (!policies.HasStore)
        {
            return await AnswerAsync(exchange, new PolicyChange.FolderDecides());
        }

        if (exchange.Http.Request.Headers.IfMatch is not [['"', .., '"'] tag] || tag.AsSpan(1, tag.Length - 2).Contains('"'))
        {
            return await ManageDesk.RefuseAsync(
                exchange, 428, "precondition_required", "Send 'If-Match' with the one ETag that GET /manage/policy gave: what you take to be active.");
        }

        var digest = tag[1..^1];
        return await AnswerAsync(exchange, await change(digest == NoDigest ? null : digest));
    }

    private static async Task<int> AnswerAsync(Exchange exchange, PolicyChange change)
    {
        switch (change)
        {
            case PolicyChange.Done { Activation: var activation }:
                exchange.Http.Response.Headers.ETag = TagOf(activation.Digest);
                return await ManageDesk.AnswerAsync(exchange, 200, ActivationView.Of(activation), ManageJson.Default.ActivationView);
            case PolicyChange.Rejected { Problems: var problems }:
                return await ManageDesk.RefuseAsync(exchange, 422, "bundle_rejected", string.Join(" ", problems));
            case PolicyChange.NotSigned { Problem: var problem }:
                return await ManageDesk.RefuseAsync(exchange, 422, "signature_refused", problem);
            case PolicyChange.FolderDecides:
                return await ManageDesk.RefuseAsync(
                    exchange, 409, "policy_in_folder", "This deployment reads its policy from a folder (Proofgate:Policy:Folder): change the files there.");
            case PolicyChange.Stale { Active: var active }:
                exchange.Http.Response.Headers.ETag = TagOf(active);
                return await ManageDesk.RefuseAsync(exchange, 412, "policy_changed", $"Another bundle is active than you took to be: {active ?? "none"}.");
            case PolicyChange.AlreadyActive:
                return await ManageDesk.RefuseAsync(exchange, 409, "already_active", "That bundle is active already.");
            case PolicyChange.Overtaken:
                return await ManageDesk.RefuseAsync(exchange, 409, "activation_conflict", "Somebody else has just activated a bundle: look before you try again.");
            default:
                return await ManageDesk.RefuseAsync(exchange, 404, "bundle_not_found", "There is no bundle of that digest that was active before.");
        }
    }
}
