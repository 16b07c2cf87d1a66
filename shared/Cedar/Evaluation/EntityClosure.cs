namespace Proofgate.Cedar.Evaluation;

/// <summary>Puts a layer of entities on what lies below it: refuses duplicates that differ and cycles, and computes every ancestor.
/// The result is the same as if all entities had been in one layer.</summary>
internal sealed class EntityClosure
{
    private const int Scanned = 8;

    // A dense graph can cost far more steps than it has ancestors.
    private const int Steps = 10 * CedarLimits.Ancestors;

    private readonly Entities? _below;
    private readonly List<Entity> _own;
    private readonly Dictionary<EntityUid, int>? _table;
    private readonly EntityUid[]?[] _closed;
    private readonly HashSet<EntityUid> _seen = [];
    private readonly Stack<EntityUid> _open = new();
    private int _steps;
    private int _ancestors;

    private EntityClosure(List<Entity> own, Entities? below)
    {
        _own = own;
        _below = below;
        _closed = new EntityUid[own.Count][];
        if (own.Count > Scanned)
        {
            _table = new Dictionary<EntityUid, int>(own.Count);
            for (var i = 0; i < own.Count; i++)
                _table.Add(own[i].Uid, i);
        }
    }

    public static EntitiesResult Compute(IReadOnlyList<Entity> entities, Entities? below)
    {
        if (entities.Count > CedarLimits.Entities)
            return Failed($"There are {entities.Count} entities, more than {CedarLimits.Entities}");

        if (Distinct(entities, below, out var error) is not { } own)
            return Failed(error!);

        return new EntityClosure(own, below).Compute();
    }

    private EntitiesResult Compute()
    {
        var nodes = new List<EntityNode>(_own.Count);
        for (var i = 0; i < _own.Count; i++)
        {
            if (Close(_own[i], out var error) is not { } ancestors)
                return Failed(error!);
            _closed[i] = ancestors;
            nodes.Add(new EntityNode(_own[i], ancestors));
        }

        foreach (var node in Reopened())
            nodes.Add(node);
        return new EntitiesResult.Loaded(new Entities(new EntityLayer([.. nodes]), _below));
    }

    /// <summary>Lower entities with an ancestor that only this layer defines: they gain that one's ancestors.</summary>
    private IEnumerable<EntityNode> Reopened()
    {
        if (_below is null)
            yield break;

        HashSet<EntityUid>? done = null;
        foreach (var own in _own)
        {
            foreach (var waiting in _below.WaitingFor(own.Uid))
            {
                var uid = waiting.Entity.Uid;
                if (!(done ??= []).Add(uid))
                    continue;

                // Of a lower entity that was reopened before, the topmost node is the complete one.
                var lower = _below.Find(uid)!;
                var ancestors = new HashSet<EntityUid>(lower.Ancestors);
                foreach (var ancestor in lower.Ancestors)
                {
                    if (IndexOf(ancestor) is >= 0 and var index)
                        ancestors.UnionWith(_closed[index]!);
                }

                yield return new EntityNode(lower.Entity, [.. ancestors], isCopy: true);
            }
        }
    }

    private EntityUid[]? Close(Entity entity, out string? error)
    {
        error = null;
        if (entity.Parents.Count == 0)
            return [];

        _seen.Clear();
        _open.Clear();
        foreach (var parent in entity.Parents)
            Open(parent);

        while (_open.TryPop(out var uid))
        {
            if (IndexOf(uid) is >= 0 and var index)
            {
                if (_closed[index] is { } closed)
                    _seen.UnionWith(closed);
                else
                    foreach (var parent in _own[index].Parents)
                        Open(parent);
                _steps += _closed[index]?.Length ?? _own[index].Parents.Count;
            }
            else if (_below?.Find(uid) is { } lower)
            {
                _steps += lower.Ancestors.Length;
                foreach (var ancestor in lower.Ancestors)
                {
                    // A lower closure is complete but for what this layer defines.
                    if (_seen.Add(ancestor) && IndexOf(ancestor) >= 0)
                        _open.Push(ancestor);
                }
            }

            if (_steps > Steps || _seen.Count > CedarLimits.Ancestors - _ancestors)
            {
                error = $"The entities have more than {CedarLimits.Ancestors} ancestors together, or their graph is too dense";
                return null;
            }
        }

        if (_seen.Contains(entity.Uid))
        {
            error = $"{entity.Uid} is its own ancestor; the hierarchy must have no cycle";
            return null;
        }

        _ancestors += _seen.Count;
        return [.. _seen];
    }

    private void Open(EntityUid uid)
    {
        if (_seen.Add(uid))
            _open.Push(uid);
    }

    private int IndexOf(EntityUid uid)
    {
        if (_table is not null)
            return _table.GetValueOrDefault(uid, -1);

        for (var i = 0; i < _own.Count; i++)
        {
            if (_own[i].Uid == uid)
                return i;
        }

        return -1;
    }

    private static List<Entity>? Distinct(IReadOnlyList<Entity> entities, Entities? below, out string? error)
    {
        error = null;
        var own = new List<Entity>(entities.Count);
        var seen = entities.Count > Scanned ? new Dictionary<EntityUid, Entity>(entities.Count) : null;
        foreach (var entity in entities)
        {
            var earlier = seen is null ? own.Find(e => e.Uid == entity.Uid) : seen.GetValueOrDefault(entity.Uid);
            if (earlier is null && below is not null && below.TryGet(entity.Uid, out var lower))
                earlier = lower;
            if (earlier is null)
            {
                own.Add(entity);
                seen?.Add(entity.Uid, entity);
            }
            else if (!earlier.IsSameAs(entity))
            {
                error = $"{entity.Uid} occurs twice with different contents";
                return null;
            }
        }

        return own;
    }

    private static EntitiesResult.Failed Failed(string message) => new([new CedarError(message)]);
}
