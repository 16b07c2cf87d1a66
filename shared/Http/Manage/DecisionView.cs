using Proofgate.Enforcement.Feed;
using Proofgate.Policy;

namespace Proofgate.Http.Manage;

/// <summary>
/// Data of the event <c>decision</c> on <c>/manage/decisions</c>: what stands open in the ledger's event, with the label by its name. No content, no address,
/// no claim; <see cref="Subject"/> is a keyed pseudonym.
/// </summary>
public sealed record DecisionView
{
    public required string Id { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required bool Allowed { get; init; }

    public required string Route { get; init; }

    public required string Method { get; init; }

    public string? Dialect { get; init; }

    public bool Stream { get; init; }

    /// <summary>The model's name in the catalogue.</summary>
    public string? Model { get; init; }

    /// <summary><c>apikey</c> or <c>jwt</c>.</summary>
    public string? Auth { get; init; }

    public bool Bound { get; init; }

    /// <summary>Public id of the API key.</summary>
    public string? Key { get; init; }

    public string? Subject { get; init; }

    public string? Action { get; init; }

    public string? Resource { get; init; }

    public IReadOnlyList<string>? Policies { get; init; }

    /// <summary>Policies that could not be evaluated.</summary>
    public IReadOnlyList<string>? Errors { get; init; }

    public string? Label { get; init; }

    /// <summary>Kinds of sensitive data that were found, with their numbers.</summary>
    public IReadOnlyDictionary<string, long>? Kinds { get; init; }

    /// <summary>Datasets that the call's content is known to come from.</summary>
    public IReadOnlyList<string>? Datasets { get; init; }

    /// <summary>Audit ids of the earlier answers whose tokens came with the call.</summary>
    public IReadOnlyList<string>? Lineage { get; init; }

    /// <summary>A keyed digest of the session's id.</summary>
    public string? Session { get; init; }

    public string? PolicyDigest { get; init; }

    /// <summary>Of a refusal.</summary>
    public int? Status { get; init; }

    /// <summary>Of a refusal: the error's code.</summary>
    public string? Reason { get; init; }

    internal static DecisionView Of(DecisionSighting sighting, LabelScale labels)
    {
        var (request, decision) = (sighting.Request, sighting.Decision);
        return new DecisionView
        {
            Id = sighting.Id.ToString(),
            Time = sighting.Time,
            Allowed = sighting.Allowed,
            Route = request.Route,
            Method = request.Method,
            Dialect = request.Dialect,
            Stream = request.Stream,
            Model = request.Model?.Catalogue,
            Auth = request.AuthMethod,
            Bound = request.Bound,
            Key = request.KeyId,
            Subject = sighting.Subject,
            Action = decision?.Action,
            Resource = decision?.Resource,
            Policies = decision?.Policies,
            Errors = decision is { Errors.Count: > 0 } ? decision.Errors : null,
            Label = decision is null ? null : labels.NameOf(decision.Label),
            Kinds = decision is { Kinds.Count: > 0 } ? decision.Kinds : null,
            Datasets = decision is { Datasets.Count: > 0 } ? decision.Datasets : null,
            Lineage = decision is { Lineage.Count: > 0 } ? decision.Lineage : null,
            Session = decision?.Session,
            PolicyDigest = decision?.PolicyDigest,
            Status = sighting.Status,
            Reason = sighting.Reason,
        };
    }
}
