using System.Globalization;

namespace Proofgate.Cedar.Tests.Differential;

/// <summary>Random values of a type. Few different ones, so that equal ones meet; with the edges of each type.</summary>
internal sealed class Values(Dice dice)
{
    private static readonly string[] Strings = ["", "a", "b", "ab", "a*b", "*", "é", "😀", "\"\\", "\n\t\0", "10.0.0.1", "1.5", "level", "\u007f", "2024-01-01", "1h", "::ffff:1.2.3.4", "2024-02-30", "1h1d", "1.23456"];
    private static readonly long[] Longs = [0, 1, -1, 2, 3, 5, 60_000, (1L << 53) + 1, -(1L << 53) - 1, long.MaxValue, long.MaxValue - 1, long.MinValue, long.MinValue + 1, 4_611_686_018_427_387_904];
    private static readonly string[] Decimals = ["0.0", "1.5", "-1.5", "1.0001", "922337203685477.5807", "-922337203685477.5808", "12.3400"];
    private static readonly string[] Ips = ["10.0.0.1", "10.0.0.0/8", "127.0.0.1", "224.0.0.1", "::1", "2001:db8::/32", "2001:db8::1", "0.0.0.0/0", "::ffff:102:304", "ff00::1"];
    private static readonly string[] Datetimes = ["2024-01-01", "1970-01-01", "2024-02-29T23:59:59Z", "1969-12-31T23:59:59.999Z", "2024-01-01T00:00:00+0100", "9999-12-31", "0001-01-01"];
    private static readonly string[] Durations = ["0ms", "1h", "-1h", "1d2h3m4s5ms", "9223372036854775807ms", "-9223372036854775808ms", "24h", "1d"];

    public EntityUid Uid(string type) => new(type, dice.Percent(95) ? dice.Roll(4).ToString(CultureInfo.InvariantCulture) : dice.Pick(Strings));

    public long Long() => dice.Percent(90) ? dice.Pick(Longs) : dice.Any();

    public string String() => dice.Pick(Strings);

    /// <summary>The argument of a constructor, now and then a wrong one.</summary>
    public string Argument(Shape shape) => dice.Percent(97) ? dice.Pick(Arguments(shape)) : dice.Pick(Strings);

    public Value Of(Shape shape) => shape switch
    {
        Shape.EntityOf entity => Uid(entity.Type),
        Shape.SetOf set => SetValue.From(Enumerable.Range(0, dice.Roll(4)).Select(_ => Of(set.Element))),
        Shape.RecordOf record => Record(record),
        _ when shape == Shape.Bool => dice.Percent(50),
        _ when shape == Shape.Long => Long(),
        _ when shape == Shape.String => String(),
        _ => Extension(shape, dice.Pick(Arguments(shape))),
    };

    public RecordValue Record(Shape.RecordOf record) => RecordValue.From(record.Fields
        .Where(field => field.IsRequired ? dice.Percent(98) : dice.Percent(60))
        .Select(field => KeyValuePair.Create(field.Name, Of(dice.Percent(98) ? field.Shape : dice.Pick(Shape.Scalars)))));

    private static string[] Arguments(Shape shape) => shape switch
    {
        _ when shape == Shape.Decimal => Decimals,
        _ when shape == Shape.Ip => Ips,
        _ when shape == Shape.Datetime => Datetimes,
        _ => Durations,
    };

    private static Value Extension(Shape shape, string text)
    {
        if (shape == Shape.Decimal && DecimalValue.TryParse(text, out var number))
            return number;
        if (shape == Shape.Ip && IpValue.TryParse(text, out var ip))
            return ip;
        if (shape == Shape.Datetime && DatetimeValue.TryParse(text, out var time))
            return time;
        if (shape == Shape.Duration && DurationValue.TryParse(text, out var span))
            return span;
        throw new InvalidOperationException($"{text} is no {shape.Text}.");
    }
}
