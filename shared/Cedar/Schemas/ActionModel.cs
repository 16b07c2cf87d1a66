namespace Proofgate.Cedar.Schemas;

/// <summary>An action of a schema, resolved.</summary>
internal sealed class ActionModel
{
    public required EntityUid Uid { get; init; }

    public required IReadOnlyList<string> Principals { get; init; }

    public required IReadOnlyList<string> Resources { get; init; }

    public required CedarType.Record Context { get; init; }

    /// <summary>Direct groups.</summary>
    public required IReadOnlyList<EntityUid> Parents { get; init; }

    /// <summary>Actions that are in this one, directly or through others.</summary>
    public HashSet<EntityUid> Descendants { get; } = [];
}
