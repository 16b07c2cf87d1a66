using CsCheck;

namespace Proofgate.Cedar.Tests.Support;

/// <summary>Random values, entities and policies.</summary>
internal static class Generators
{
    private static readonly string[] Awkward = ["", " ", "\"", "\\", "*", "\0", "\n", "\r", "\u007f", "\u2028", "é", "😀", "\uffff", "a b", "__id", "if"];

    public static readonly Gen<string> Text = Gen.OneOf<string>(
        Gen.OneOf(Awkward),
        Gen.String[Gen.Char.AlphaNumeric, 0, 6],
        Gen.OneOf(Awkward).Array[1, 4].Select(string.Concat));

    /// <summary>Few, so that random policies and requests meet.</summary>
    public static readonly Gen<EntityUid> Uid = Gen.Select(Gen.OneOf("A", "B", "N::C"), Gen.OneOf("0", "1", "2", "3"), (type, id) => new EntityUid(type, id));

    public static readonly Gen<Value> Scalar = Gen.OneOf<Value>(
        Gen.Bool.Select(b => (Value)b),
        Gen.Long.Select(n => (Value)n),
        Gen.Long[-3, 3].Select(n => (Value)n),
        Text.Select(s => (Value)s),
        Gen.Select(Gen.OneOf("T", "N::T"), Text, (type, id) => (Value)new EntityUid(type, id)),
        Gen.Long.Select(n => (Value)new DecimalValue(n)),
        Gen.Long.Select(n => (Value)new DurationValue(n)),
        Gen.Long.Select(n => (Value)new DatetimeValue(n)),
        Gen.Long[-70_000_000_000_000, 260_000_000_000_000].Select(n => (Value)new DatetimeValue(n)),
        Gen.Select(Gen.UInt, Gen.Int[0, 32], (bits, prefix) => (Value)new IpValue(bits, prefix, isV6: false)),
        Gen.Select(Groups, Gen.Int[0, 128], (bits, prefix) => (Value)new IpValue(bits, prefix, isV6: true)));

    public static readonly Gen<Value> Value = Nested(3);

    public static readonly Gen<RecordValue> Record = Gen.Select(Text, Value).Array[0, 5]
        .Select(pairs => RecordValue.From(pairs.DistinctBy(p => p.Item1).Select(p => KeyValuePair.Create(p.Item1, p.Item2))));

    /// <summary>Parents have a larger number, so there is no cycle.</summary>
    public static readonly Gen<Entity[]> Acyclic = Gen.Int[0, 11].Array[0, 4].Array[1, 12].Select(parents => parents
        .Select((list, number) => new Entity(Numbered(number)) { Parents = [.. list.Where(p => p > number).Select(Numbered)] })
        .ToArray());

    public static EntityUid Numbered(int number) => new("E", number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    // Runs of zeros are what makes IPv6 text hard.
    private static Gen<UInt128> Groups => Gen.OneOf<ushort>(Gen.Const((ushort)0), Gen.UShort).Array[8]
        .Select(groups => groups.Aggregate(UInt128.Zero, (bits, group) => (bits << 16) | group));

    private static Gen<Value> Nested(int depth)
    {
        if (depth == 0)
            return Scalar;

        var inner = Nested(depth - 1);
        return Gen.OneOf<Value>(
            Scalar,
            inner.Array[0, 10].Select(items => (Value)SetValue.Of(items)),
            Gen.Select(Text, inner).Array[0, 5].Select(pairs => (Value)RecordValue.From(
                pairs.DistinctBy(p => p.Item1).Select(p => KeyValuePair.Create(p.Item1, p.Item2)))));
    }
}
