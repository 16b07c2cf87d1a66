namespace Proofgate.Cedar;

/// <summary>An entity: its name, the entities it is directly in, its attributes and its tags.</summary>
public sealed class Entity(EntityUid uid)
{
    public EntityUid Uid { get; } = uid;

    /// <summary>Direct parents. They need not exist as entities: <c>in</c> holds for them all the same.</summary>
    public IReadOnlyList<EntityUid> Parents { get; init; } = [];

    public RecordValue Attributes { get; init; } = RecordValue.Empty;

    public RecordValue Tags { get; init; } = RecordValue.Empty;

    public override string ToString() => Uid.ToString();

    /// <summary>Same name, parents (in any order), attributes and tags.</summary>
    internal bool IsSameAs(Entity other) =>
        Uid == other.Uid
        && Attributes.Equals(other.Attributes)
        && Tags.Equals(other.Tags)
        && Parents.ToHashSet().SetEquals(other.Parents);
}
