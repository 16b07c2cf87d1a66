using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Proofgate.Audit.Events;

/// <summary>A publishing process's random name, 128 bits, written as 32 lower-case hex digits.</summary>
public readonly record struct SourceId(UInt128 Value) : IComparable<SourceId>
{
    internal const int Size = 16;
    internal const int TextLength = 32;

    public static SourceId New()
    {
        Span<byte> random = stackalloc byte[Size];
        RandomNumberGenerator.Fill(random);
        return Read(random);
    }

    public static bool TryParse(ReadOnlySpan<byte> utf8, out SourceId source)
    {
        Span<byte> bytes = stackalloc byte[Size];
        var parsed = Hex.TryRead(utf8, bytes);
        source = parsed ? Read(bytes) : default;
        return parsed;
    }

    public int CompareTo(SourceId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);

    public static bool operator <(SourceId left, SourceId right) => left.Value < right.Value;

    public static bool operator <=(SourceId left, SourceId right) => left.Value <= right.Value;

    public static bool operator >(SourceId left, SourceId right) => left.Value > right.Value;

    public static bool operator >=(SourceId left, SourceId right) => left.Value >= right.Value;

    internal static SourceId Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    internal void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
}
