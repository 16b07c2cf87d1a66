using System.Collections.Frozen;

namespace Proofgate.Cedar.Schemas;

/// <summary>An entity type of a schema, resolved.</summary>
internal sealed class EntityTypeModel
{
    public required string Name { get; init; }

    public required CedarType Type { get; init; }

    public required CedarType.Record Attributes { get; init; }

    /// <summary>The type of every tag; null if entities of this type have none.</summary>
    public required CedarType? Tags { get; init; }

    /// <summary>All ids that there are; null if it is no enumeration.</summary>
    public required FrozenSet<string>? Ids { get; init; }

    /// <summary>Direct parents.</summary>
    public required IReadOnlyList<string> Parents { get; init; }

    /// <summary>Types of which an entity of this type can be an ancestor. Itself is among them only if it can be its own ancestor's type.</summary>
    public HashSet<string> Descendants { get; } = [];
}
