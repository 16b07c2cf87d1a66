namespace Proofgate.Cedar.Tests.Differential;

/// <summary>A schema, policies, templates, links, entities and requests that belong together.</summary>
internal sealed record Case
{
    /// <summary>Cedar's schema syntax. Entities and requests keep to it mostly, policies mostly.</summary>
    public required string Schema { get; init; }

    /// <summary>Policies by id, each with the annotation <c>@id</c>.</summary>
    public required IReadOnlyDictionary<string, string> Policies { get; init; }

    public required IReadOnlyDictionary<string, string> Templates { get; init; }

    public required IReadOnlyList<TemplateLink> Links { get; init; }

    public required IReadOnlyList<Entity> Entities { get; init; }

    public required IReadOnlyList<Request> Requests { get; init; }
}
