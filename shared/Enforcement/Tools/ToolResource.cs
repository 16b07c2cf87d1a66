using Proofgate.Cedar;
using Proofgate.Policy;

namespace Proofgate.Enforcement.Tools;

/// <summary>Something that can be read by its address. To policy it is a tool of that name.</summary>
public sealed record ToolResource
{
    /// <summary>Unique among all resources, absolute, without user and fragment.</summary>
    public required string Uri { get; init; }

    public required string Name { get; init; }

    public required string Source { get; init; }

    public string? Title { get; init; }

    public string? Description { get; init; }

    public string? MimeType { get; init; }

    /// <summary>Rank of the label that its content carries at least.</summary>
    public required long Label { get; init; }

    public Entity ToEntity() => Vocabulary.Tool(Uri, Source, Label, external: false);
}
