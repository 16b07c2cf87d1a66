using Proofgate.Cedar.Schemas;

namespace Proofgate.Cedar.Validation;

/// <summary>Subtypes and least upper bounds. Each pair of types is compared once, so that types which share parts cost no more than their parts.
/// Depth is bounded by that of types and of expressions.</summary>
internal sealed class TypeRelations(TypeTable table)
{
    private readonly Dictionary<(CedarType, CedarType, bool), bool> _subtypes = [];
    private readonly Dictionary<(CedarType, CedarType, bool), CedarType?> _bounds = [];

    /// <summary>Whether every value of <paramref name="a"/> is one of <paramref name="b"/>. Strictly, there are no subtypes but that of a bool which is
    /// known.</summary>
    public bool IsSubtype(CedarType a, CedarType b, bool strict)
    {
        if (a == b || a == CedarType.Never)
            return true;

        switch (a, b)
        {
            case (CedarType.Simple, _):
                return b == CedarType.Bool && a.IsBool;
            case (CedarType.Entity, _) when b == CedarType.AnyEntity:
                return !strict;
            case (CedarType.Entity one, CedarType.Entity other):
                return !strict && Array.TrueForAll(one.Names, other.Contains);
            case (CedarType.Set, _) when b == CedarType.AnySet:
                return true;
            case (CedarType.Set, CedarType.Set) or (CedarType.Record, CedarType.Record):
                break;
            default:
                return false;
        }

        if (_subtypes.TryGetValue((a, b, strict), out var known))
            return known;

        var result = (a, b) switch
        {
            (CedarType.Set one, CedarType.Set other) => IsSubtype(one.Element, other.Element, strict),
            _ => IsSubtype((CedarType.Record)a, (CedarType.Record)b, strict),
        };
        _subtypes.Add((a, b, strict), result);
        return result;
    }

    /// <summary>The least type that has all values of both; null if there is none.</summary>
    public CedarType? LeastUpperBound(CedarType a, CedarType b, bool strict)
    {
        if (IsSubtype(a, b, strict))
            return b;
        if (IsSubtype(b, a, strict))
            return a;
        if (a.IsBool && b.IsBool)
            return CedarType.Bool;
        if (_bounds.TryGetValue((a, b, strict), out var known))
            return known;

        var result = (a, b) switch
        {
            (CedarType.Set one, CedarType.Set other) => LeastUpperBound(one.Element, other.Element, strict) is { } element ? table.Set(element) : null,
            (CedarType.Record one, CedarType.Record other) => LeastUpperBound(one, other, strict),
            (CedarType.Entity one, CedarType.Entity other) => strict ? null : Union(one, other),
            _ => null,
        };
        _bounds.Add((a, b, strict), result);
        return result;
    }

    /// <summary>What is common to two records, permissively: attributes without a common type are dropped.</summary>
    public CedarType.Record Common(CedarType.Record a, CedarType.Record b)
    {
        var names = new List<string>();
        var attributes = new List<AttributeType>();
        for (var i = 0; i < a.Names.Length; i++)
        {
            if (b.Find(a.Names[i]) is not { } other || LeastUpperBound(a.Attributes[i].Type, other.Type, strict: false) is not { } type)
                continue;

            names.Add(a.Names[i]);
            attributes.Add(new AttributeType(type, a.Attributes[i].IsRequired && other.IsRequired));
        }

        var isOpen = a.IsOpen || b.IsOpen || names.Count != a.Names.Length || names.Count != b.Names.Length;
        return table.Record([.. names], [.. attributes], isOpen);
    }

    private bool IsSubtype(CedarType.Record a, CedarType.Record b, bool strict)
    {
        if (a.IsOpen && !b.IsOpen)
            return false;
        if (b == CedarType.AnyRecord && !strict)
            return true;

        // A record with more attributes is a subtype of an open one only.
        if (!(b.IsOpen && !strict) && !a.Names.AsSpan().SequenceEqual(b.Names))
            return false;

        for (var i = 0; i < b.Names.Length; i++)
        {
            if (a.Find(b.Names[i]) is not { } own)
                return false;

            var isRequired = b.Attributes[i].IsRequired;
            if ((strict ? own.IsRequired != isRequired : !own.IsRequired && isRequired) || !IsSubtype(own.Type, b.Attributes[i].Type, strict))
                return false;
        }

        return true;
    }

    private CedarType.Record? LeastUpperBound(CedarType.Record a, CedarType.Record b, bool strict)
    {
        if (!strict)
            return Common(a, b);
        if (!a.Names.AsSpan().SequenceEqual(b.Names))
            return null;

        var attributes = new AttributeType[a.Names.Length];
        for (var i = 0; i < attributes.Length; i++)
        {
            var (one, other) = (a.Attributes[i], b.Attributes[i]);
            if (one.IsRequired != other.IsRequired || LeastUpperBound(one.Type, other.Type, strict) is not { } type)
                return null;
            attributes[i] = new AttributeType(type, one.IsRequired);
        }

        return table.Record([.. a.Names], attributes, a.IsOpen || b.IsOpen);
    }

    private CedarType Union(CedarType.Entity a, CedarType.Entity b) =>
        table.Entity([.. a.Names.Union(b.Names).Order(StringComparer.Ordinal)]);
}
