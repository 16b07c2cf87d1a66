using System.Globalization;
using Proofgate.Cedar;

namespace Proofgate.Data;

/// <summary>One value of a row, or none. Values of one kind are ordered: texts by code point, which is the order of their UTF-8 bytes.</summary>
public readonly struct Cell : IEquatable<Cell>
{
    private readonly string? _text;
    private readonly long _bits;

    private Cell(CellKind kind, long bits, string? text = null) => (Kind, _bits, _text) = (kind, bits, text);

    public static Cell Null => default;

    public CellKind Kind { get; }

    public bool IsNull => Kind == CellKind.Null;

    public string Text => _text ?? throw new InvalidOperationException("The cell is no text.");

    /// <summary>An integer, or a moment in milliseconds since 1970 UTC.</summary>
    public long Integer => _bits;

    public double Number => BitConverter.Int64BitsToDouble(_bits);

    public bool Boolean => _bits != 0;

    public static Cell Of(string text) => new(CellKind.Text, 0, text);

    public static Cell Of(long value) => new(CellKind.Integer, value);

    public static Cell Of(double value) => new(CellKind.Number, BitConverter.DoubleToInt64Bits(value == 0 ? 0 : value));

    public static Cell Of(bool value) => new(CellKind.Boolean, value ? 1 : 0);

    public static Cell Datetime(long milliseconds) => new(CellKind.Datetime, milliseconds);

    public static bool operator ==(Cell left, Cell right) => left.Equals(right);

    public static bool operator !=(Cell left, Cell right) => !left.Equals(right);

    public bool Equals(Cell other) => Kind == other.Kind && _bits == other._bits && string.Equals(_text, other._text, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is Cell other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Kind, _bits, _text);

    /// <summary>Never the value: rows reach no log.</summary>
    public override string ToString() => Kind.ToString();

    /// <summary>Null comes first. Only values of one kind are compared.</summary>
    internal int CompareTo(Cell other) => (Kind, other.Kind) switch
    {
        (CellKind.Null, CellKind.Null) => 0,
        (CellKind.Null, _) => -1,
        (_, CellKind.Null) => 1,
        (CellKind.Text, _) => CompareCodePoints(Text, other.Text),
        (CellKind.Number, _) => Number.CompareTo(other.Number),
        _ => _bits.CompareTo(other._bits),
    };

    /// <summary>The same value for policy; null where there is none, or Cedar has no type for it.</summary>
    internal Value? ToCedar() => Kind switch
    {
        CellKind.Text => Text,
        CellKind.Integer => Integer,
        CellKind.Boolean => Boolean,
        CellKind.Datetime => new DatetimeValue(Integer),
        _ => null,
    };

    /// <summary>ISO 8601 in UTC with milliseconds.</summary>
    internal string DatetimeText() => DateTimeOffset.FromUnixTimeMilliseconds(Integer).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static int CompareCodePoints(string left, string right)
    {
        var same = left.AsSpan().CommonPrefixLength(right);
        if (same == left.Length || same == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        // UTF-16 puts surrogates before U+E000 to U+FFFF; UTF-8 and code points do not.
        var (a, b) = (left[same], right[same]);
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
    }
}
