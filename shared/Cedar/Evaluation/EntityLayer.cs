namespace Proofgate.Cedar.Evaluation;

/// <summary>The nodes of one layer, found by name.</summary>
internal sealed class EntityLayer
{
    // A slice for one call is scanned: building a table would cost more than it saves.
    private const int Scanned = 8;

    private readonly EntityNode[] _nodes;
    private readonly Dictionary<EntityUid, EntityNode>? _table;
    private Dictionary<EntityUid, List<EntityNode>>? _undefined;

    public EntityLayer(EntityNode[] nodes)
    {
        _nodes = nodes;
        if (nodes.Length > Scanned)
        {
            _table = new Dictionary<EntityUid, EntityNode>(nodes.Length);
            foreach (var node in nodes)
                _table.Add(node.Entity.Uid, node);
        }

        foreach (var node in nodes)
            Count += node.IsCopy ? 0 : 1;
    }

    public static EntityLayer Empty { get; } = new([]);

    public int Count { get; }

    public IEnumerable<Entity> Entities => _nodes.Where(node => !node.IsCopy).Select(node => node.Entity);

    public EntityNode? Find(EntityUid uid)
    {
        if (_table is not null)
            return _table.GetValueOrDefault(uid);

        foreach (var node in _nodes)
        {
            if (node.Entity.Uid == uid)
                return node;
        }

        return null;
    }

    /// <summary>Nodes with the ancestor <paramref name="uid"/>, if this layer does not define it.</summary>
    public IReadOnlyList<EntityNode> WaitingFor(EntityUid uid) =>
        _nodes.Length > 0 && Undefined.TryGetValue(uid, out var waiting) ? waiting : [];

    // Computed at most a few times: threads that meet here find the same.
    private Dictionary<EntityUid, List<EntityNode>> Undefined => _undefined ??= FindUndefined();

    private Dictionary<EntityUid, List<EntityNode>> FindUndefined()
    {
        var undefined = new Dictionary<EntityUid, List<EntityNode>>();
        foreach (var node in _nodes)
        {
            foreach (var ancestor in node.Ancestors)
            {
                if (Find(ancestor) is not null)
                    continue;

                if (!undefined.TryGetValue(ancestor, out var waiting))
                    undefined.Add(ancestor, waiting = []);
                waiting.Add(node);
            }
        }

        return undefined;
    }
}
