using System.Net;
using Proofgate.Cedar;
using Proofgate.Identity;

namespace Proofgate.Policy.Decisions;

/// <summary>Limits on an API key are forbids built into the engine: no policy author can forget them.</summary>
internal static class KeyLimitRules
{
    internal sealed record Forbid(string Id, string Reason);

    private static readonly Forbid Action = new("proofgate.key.action", "This API key may not be used for this operation.");
    private static readonly Forbid Model = new("proofgate.key.model", "This API key may not be used with this model.");
    private static readonly Forbid Label = new("proofgate.key.label", "This API key may not carry data of this label.");
    private static readonly Forbid Network = new("proofgate.key.network", "This API key may not be used from this network.");

    private static readonly Forbid Dataset = new("proofgate.key.dataset", "This API key may not be used with this dataset.");

    internal static Forbid? Check(KeyLimits? limits, EntityUid action, EntityUid resource, long label, IPAddress? address)
    {
        if (limits is null)
        {
            return null;
        }

        if (limits.Actions.Count > 0 && !limits.Actions.Contains(UseOf(action, resource).Id))
        {
            return Action;
        }

        if (limits.Models.Count > 0 && Vocabulary.IsModel(resource) && !limits.Models.Contains(resource.Id))
        {
            return Model;
        }

        if (limits.Datasets.Count > 0 && Vocabulary.IsDataset(resource) && !limits.Datasets.Contains(resource.Id))
        {
            return Dataset;
        }

        if (limits.MaxLabel is { } highest && label > highest)
        {
            return Label;
        }

        return limits.Networks.Count == 0 || (address is not null && limits.Networks.Any(n => n.Contains(address))) ? null : Network;
    }

    /// <summary>A key is made for what its holder does: questions that follow from that are not for the holder to name.</summary>
    private static EntityUid UseOf(EntityUid action, EntityUid resource) =>
        action == Vocabulary.Disclose ? (Vocabulary.IsTool(resource) ? Vocabulary.UseTool : Vocabulary.Infer)
        : action == Vocabulary.ReadColumn || action == Vocabulary.ReadRow ? Vocabulary.Query
        : action;

    internal static Decision Refuse(Forbid limit, PolicyBundle bundle, DateTimeOffset until) => new()
    {
        Allowed = false,
        Policies = [limit.Id],
        Errors = [],
        Reason = limit.Reason,
        ValidUntil = until,
        PolicyDigest = bundle.Digest,
    };
}
