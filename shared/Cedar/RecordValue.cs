using System.Diagnostics.CodeAnalysis;
using Proofgate.Cedar.Syntax;

namespace Proofgate.Cedar;

/// <summary>A record: attributes by name. Kept sorted by UTF-16 unit, the order of canonical JSON.</summary>
public sealed class RecordValue : Value
{
    // Comparing lengths first makes a scan quicker than a search for records of ordinary size.
    private const int Scanned = 12;

    private readonly string[] _names;
    private readonly Value[] _values;
    private int _hash;

    private RecordValue(string[] names, Value[] values)
    {
        _names = names;
        _values = values;
    }

    public static RecordValue Empty { get; } = new([], []);

    public int Count => _names.Length;

    public override string Kind => "record";

    /// <summary>Names in order.</summary>
    public ReadOnlySpan<string> Names => _names;

    /// <summary>Values in the order of <see cref="Names"/>.</summary>
    public ReadOnlySpan<Value> Values => _values;

    /// <summary>A record from C#: <c>RecordValue.Of(("label", 2), ("stream", true))</c>.</summary>
    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public static RecordValue Of(params ReadOnlySpan<(string Name, Value Value)> attributes)
    {
        var names = new string[attributes.Length];
        var values = new Value[attributes.Length];
        for (var i = 0; i < attributes.Length; i++)
            (names[i], values[i]) = attributes[i];
        return Create(names, values);
    }

    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public static RecordValue From(IEnumerable<KeyValuePair<string, Value>> attributes)
    {
        var pairs = attributes.ToArray();
        return Create([.. pairs.Select(p => p.Key)], [.. pairs.Select(p => p.Value)]);
    }

    public bool TryGet(string name, [NotNullWhen(true)] out Value? value)
    {
        var index = IndexOf(name);
        value = index < 0 ? null : _values[index];
        return index >= 0;
    }

    public bool Has(string name) => IndexOf(name) >= 0;

    public override bool Equals(Value? other)
    {
        if (ReferenceEquals(this, other))
            return true;

        if (other is not RecordValue that || that._names.Length != _names.Length || that.GetHashCode() != GetHashCode())
            return false;

        for (var i = 0; i < _names.Length; i++)
        {
            if (!string.Equals(_names[i], that._names[i]) || !_values[i].Equals(that._values[i]))
                return false;
        }

        return true;
    }

    // Computed when first asked for; two threads compute the same.
    public override int GetHashCode()
    {
        if (_hash != 0)
            return _hash;

        var hash = new HashCode();
        for (var i = 0; i < _names.Length; i++)
        {
            hash.Add(_names[i]);
            hash.Add(_values[i].GetHashCode());
        }

        var code = hash.ToHashCode();
        return _hash = code == 0 ? 1 : code;
    }

    public override string ToString() => $"{{{string.Join(", ", _names.Zip(_values, (name, value) => $"{StringLiteral.Quote(name)}: {value}"))}}}";

    /// <summary>Takes the arrays over. The names are known to differ.</summary>
    internal static RecordValue Create(string[] names, Value[] values) =>
        TryCreate(names, values, out var twice) ?? throw new ArgumentException($"The attribute {StringLiteral.Quote(twice!)} occurs twice.");

    /// <summary>Takes the arrays over. Gives null and the name if one occurs twice.</summary>
    internal static RecordValue? TryCreate(string[] names, Value[] values, out string? twice)
    {
        twice = null;
        if (names.Length == 0)
            return Empty;

        Sort(names, values);
        for (var i = 1; i < names.Length; i++)
        {
            if (string.Equals(names[i], names[i - 1]))
                twice = names[i];
        }

        return twice is null ? new RecordValue(names, values) : null;
    }

    private static void Sort(string[] names, Value[] values)
    {
        if (names.Length > Scanned)
        {
            Array.Sort(names, values, StringComparer.Ordinal);
            return;
        }

        // Records are made for every call; inserting beats the general sort at their size.
        for (var i = 1; i < names.Length; i++)
        {
            for (var j = i; j > 0 && string.CompareOrdinal(names[j - 1], names[j]) > 0; j--)
            {
                (names[j - 1], names[j]) = (names[j], names[j - 1]);
                (values[j - 1], values[j]) = (values[j], values[j - 1]);
            }
        }
    }

    private int IndexOf(string name)
    {
        if (_names.Length > Scanned)
            return Math.Max(-1, Array.BinarySearch(_names, name, StringComparer.Ordinal));

        for (var i = 0; i < _names.Length; i++)
        {
            if (string.Equals(_names[i], name))
                return i;
        }

        return -1;
    }
}
