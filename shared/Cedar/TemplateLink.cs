namespace Proofgate.Cedar;

/// <summary>Makes a policy out of a template: values for its slots, and an id of its own.</summary>
/// <param name="TemplateId">The id of the template.</param>
/// <param name="NewId">The id of the policy, which no policy and no template of the set has.</param>
public sealed record TemplateLink(string TemplateId, string NewId)
{
    /// <summary>For <c>?principal</c>: given exactly if the template has that slot.</summary>
    public EntityUid? Principal { get; init; }

    /// <summary>For <c>?resource</c>: given exactly if the template has that slot.</summary>
    public EntityUid? Resource { get; init; }
}
