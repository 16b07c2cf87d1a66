using System.Text.Json;
using Proofgate.Cedar;
using Proofgate.Enforcement.Tools.Schemas;
using Proofgate.Policy;

namespace Proofgate.Enforcement.Tools;

/// <summary>A tool as callers see it.</summary>
public sealed record ToolDescription
{
    /// <summary>Unique among all tools; see <see cref="ToolName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the source that runs it, as policy knows it: <c>datasets</c>, or a registered server's.</summary>
    public required string Source { get; init; }

    public string? Title { get; init; }

    /// <summary>What a model is told of it.</summary>
    public required string Description { get; init; }

    /// <summary>The form of its arguments.</summary>
    public required ArgumentSchema Arguments { get; init; }

    /// <summary>Hints of how it behaves, for clients; an object, or undefined.</summary>
    public JsonElement Annotations { get; init; }

    /// <summary>Rank of the label that its results carry at least.</summary>
    public required long Label { get; init; }

    /// <summary>Whether the arguments leave the organisation.</summary>
    public bool External { get; init; }

    /// <summary>What policy is asked about.</summary>
    public Entity ToEntity() => Vocabulary.Tool(Name, Source, Label, External);
}
