using System.Diagnostics.CodeAnalysis;
using Proofgate.Cedar.Evaluation;

namespace Proofgate.Cedar;

/// <summary>Entities by name, with the transitive closure of their parents. Immutable and safe to share between threads.
/// A small slice for one call goes on top of a large shared set with <see cref="With"/>, which copies nothing of that set.</summary>
public sealed class Entities
{
    private readonly EntityLayer _layer;
    private readonly Entities? _below;

    internal Entities(EntityLayer layer, Entities? below)
    {
        _layer = layer;
        _below = below;
    }

    public static Entities Empty { get; } = new(EntityLayer.Empty, null);

    /// <summary>Entities in all layers.</summary>
    public int Count => _layer.Count + (_below?.Count ?? 0);

    /// <summary>Computes the closure.</summary>
    /// <exception cref="ArgumentException">Two entities of one name differ, an entity is its own ancestor, or a limit of
    /// <see cref="CedarLimits"/> is exceeded. For data that a person wrote use <see cref="Load"/>.</exception>
    public static Entities Create(IEnumerable<Entity> entities) => Unwrap(Load(entities));

    /// <summary>As <see cref="Create"/>, with the errors as a result.</summary>
    public static EntitiesResult Load(IEnumerable<Entity> entities) => EntityClosure.Compute([.. entities], below: null);

    /// <summary>These entities and, on top, <paramref name="slice"/>, whose entities may have parents in both. The cost is that of the slice.
    /// An entity of the slice that is also below must be the same there.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Create"/>.</exception>
    public Entities With(IReadOnlyList<Entity> slice) => slice.Count == 0 ? this : Unwrap(TryWith(slice));

    /// <summary>As <see cref="With"/>, with the errors as a result.</summary>
    public EntitiesResult TryWith(IReadOnlyList<Entity> slice) => EntityClosure.Compute(slice, this);

    public bool TryGet(EntityUid uid, [NotNullWhen(true)] out Entity? entity)
    {
        entity = Find(uid)?.Entity;
        return entity is not null;
    }

    /// <summary>Cedar's <c>in</c>: the same entity, or a descendant through any number of parents.</summary>
    public bool IsIn(EntityUid descendant, EntityUid ancestor) =>
        descendant == ancestor || (Find(descendant) is { } node && node.IsIn(ancestor));

    /// <summary>All ancestors of <paramref name="uid"/>, without itself.</summary>
    public IReadOnlyCollection<EntityUid> Ancestors(EntityUid uid) => Find(uid)?.Ancestors ?? [];

    /// <summary>Every entity, the uppermost layer first.</summary>
    public IEnumerable<Entity> All => _below is null ? _layer.Entities : _layer.Entities.Concat(_below.All);

    internal EntityNode? Find(EntityUid uid)
    {
        for (var at = this; at is not null; at = at._below)
        {
            if (at._layer.Find(uid) is { } node)
                return node;
        }

        return null;
    }

    /// <summary>Entities that name <paramref name="uid"/> as an ancestor although it is defined in no layer.</summary>
    internal IEnumerable<EntityNode> WaitingFor(EntityUid uid)
    {
        for (var at = this; at is not null; at = at._below)
        {
            foreach (var node in at._layer.WaitingFor(uid))
                yield return node;
        }
    }

    private static Entities Unwrap(EntitiesResult result) => result switch
    {
        EntitiesResult.Loaded loaded => loaded.Entities,
        EntitiesResult.Failed failed => throw new ArgumentException(string.Join("; ", failed.Errors)),
        _ => throw new InvalidOperationException("The result has two cases."),
    };
}
