namespace Proofgate.Cedar.Schemas;

/// <summary>Gives equal types one instance. A table on top of another adds its own types and changes nothing below, so that
/// validations of one schema can run at once.</summary>
internal sealed class TypeTable(TypeTable? below)
{
    private readonly Dictionary<CedarType, CedarType> _types = [];

    public CedarType Entity(string name) => One(new CedarType.Entity([name]));

    /// <summary>One of all these, which are sorted.</summary>
    public CedarType Entity(string[] names) => One(new CedarType.Entity(names));

    public CedarType Set(CedarType element) => element == CedarType.AnyEntity ? CedarType.SetOfEntities : One(new CedarType.Set(element));

    /// <summary>Takes the arrays over and sorts them. The names are known to differ.</summary>
    public CedarType.Record Record(string[] names, AttributeType[] attributes, bool isOpen)
    {
        if (names.Length == 0 && !isOpen)
            return CedarType.EmptyRecord;

        Array.Sort(names, attributes, StringComparer.Ordinal);
        return (CedarType.Record)One(new CedarType.Record(names, attributes, isOpen));
    }

    private CedarType One(CedarType type)
    {
        for (var at = this; at is not null; at = at.Below)
        {
            if (at._types.TryGetValue(type, out var known))
                return known;
        }

        _types.Add(type, type);
        return type;
    }

    private TypeTable? Below { get; } = below;
}
