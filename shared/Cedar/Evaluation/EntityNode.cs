namespace Proofgate.Cedar.Evaluation;

/// <summary>An entity with all its ancestors.</summary>
internal sealed class EntityNode
{
    // Most entities have a few ancestors; scanning them needs no hashing.
    private const int Scanned = 8;

    private readonly EntityUid[] _ancestors;
    private readonly HashSet<EntityUid>? _table;

    public EntityNode(Entity entity, EntityUid[] ancestors, bool isCopy = false)
    {
        Entity = entity;
        Value = new EntityValue(entity.Uid);
        IsCopy = isCopy;
        _ancestors = ancestors;
        _table = ancestors.Length > Scanned ? [.. ancestors] : null;
    }

    public Entity Entity { get; }

    /// <summary>Its name as a value, made once.</summary>
    public EntityValue Value { get; }

    /// <summary>The entity belongs to a layer below; only its ancestors are new.</summary>
    public bool IsCopy { get; }

    public EntityUid[] Ancestors => _ancestors;

    public bool IsIn(EntityUid ancestor)
    {
        if (_table is not null)
            return _table.Contains(ancestor);

        foreach (var candidate in _ancestors)
        {
            if (candidate == ancestor)
                return true;
        }

        return false;
    }
}
