namespace Proofgate.Cedar;

/// <summary>A reference to an entity, which need not exist.</summary>
public sealed class EntityValue(EntityUid uid) : Value
{
    public EntityUid Uid { get; } = uid;

    public override string Kind => "entity";

    public override bool Equals(Value? other) => other is EntityValue that && that.Uid == Uid;

    public override int GetHashCode() => Uid.GetHashCode();

    public override string ToString() => Uid.ToString();
}
