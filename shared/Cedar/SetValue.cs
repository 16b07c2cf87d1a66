namespace Proofgate.Cedar;

/// <summary>A set: no order, no duplicates, any mixture of kinds.</summary>
public sealed class SetValue : Value
{
    // Up to this many elements a scan with hashes compared first is quicker than a table.
    private const int Scanned = 8;

    private readonly Value[] _items;
    private readonly HashSet<Value>? _table;
    private int _hash;

    private SetValue(Value[] items, HashSet<Value>? table)
    {
        _items = items;
        _table = table;
    }

    public static SetValue Empty { get; } = new([], null);

    public int Count => _items.Length;

    public override string Kind => "set";

    /// <summary>Duplicates are dropped, the first of equal elements stays.</summary>
    public static SetValue Of(params ReadOnlySpan<Value> items)
    {
        if (items.IsEmpty)
            return Empty;

        if (items.Length > Scanned)
        {
            var table = new HashSet<Value>(items.Length);
            foreach (var item in items)
                table.Add(item);
            return new SetValue([.. table], table.Count > Scanned ? table : null);
        }

        var distinct = new Value[items.Length];
        var count = 0;
        foreach (var item in items)
        {
            if (Array.IndexOf(distinct, item, 0, count) < 0)
                distinct[count++] = item;
        }

        return new SetValue(count == distinct.Length ? distinct : distinct[..count], null);
    }

    public static SetValue From(IEnumerable<Value> items) => Of([.. items]);

    public static SetValue From(IEnumerable<string> items) => Of([.. items.Select(item => (Value)item)]);

    public static SetValue From(IEnumerable<EntityUid> items) => Of([.. items.Select(item => (Value)item)]);

    public bool Contains(Value item)
    {
        if (_table is not null)
            return _table.Contains(item);

        foreach (var candidate in _items)
        {
            if (candidate.Equals(item))
                return true;
        }

        return false;
    }

    public bool ContainsAll(SetValue other)
    {
        if (other._items.Length > _items.Length)
            return false;

        foreach (var item in other._items)
        {
            if (!Contains(item))
                return false;
        }

        return true;
    }

    public bool ContainsAny(SetValue other)
    {
        var (few, many) = other._items.Length < _items.Length ? (other, this) : (this, other);
        foreach (var item in few._items)
        {
            if (many.Contains(item))
                return true;
        }

        return false;
    }

    // Equal hashes are required before a deep comparison, so that nested sets cost no more than their size.
    public override bool Equals(Value? other) =>
        ReferenceEquals(this, other)
        || (other is SetValue that && that._items.Length == _items.Length && that.GetHashCode() == GetHashCode() && ContainsAll(that));

    // Computed when first asked for. A sum, since there is no order; two threads compute the same.
    public override int GetHashCode()
    {
        if (_hash != 0)
            return _hash;

        var hash = _items.Length;
        foreach (var item in _items)
            hash += HashCode.Combine(item.GetHashCode());
        return _hash = hash == 0 ? 1 : hash;
    }

    /// <summary>The elements, in no meaningful order.</summary>
    public ReadOnlySpan<Value> AsSpan() => _items;

    public override string ToString() => $"[{string.Join(", ", (IEnumerable<Value>)_items)}]";
}
