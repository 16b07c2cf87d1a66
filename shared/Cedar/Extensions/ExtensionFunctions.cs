using System.Collections.Frozen;

namespace Proofgate.Cedar.Extensions;

/// <summary>All functions of decimal, ipaddr, datetime and duration.</summary>
internal static class ExtensionFunctions
{
    private const string DecimalForm = "write decimal(\"12.34\"), with one to four digits after the point";
    private const string IpForm = "write ip(\"10.0.0.1\"), ip(\"10.0.0.0/8\") or ip(\"2001:db8::/32\")";
    private const string DatetimeForm = "write datetime(\"2024-10-15\") or datetime(\"2024-10-15T11:35:00Z\")";
    private const string DurationForm = "write duration(\"1d2h3m4s5ms\"), any of the parts, in this order";

    private static readonly FrozenDictionary<string, ExtensionFunction> ByName = new ExtensionFunction[]
    {
        Constructor("decimal", text => DecimalValue.TryParse(text, out var value) ? value : null, DecimalForm),
        Constructor("ip", text => IpValue.TryParse(text, out var value) ? value : null, IpForm),
        Constructor("datetime", text => DatetimeValue.TryParse(text, out var value) ? value : null, DatetimeForm),
        Constructor("duration", text => DurationValue.TryParse(text, out var value) ? value : null, DurationForm),
        Method<DecimalValue, DecimalValue>("lessThan", (a, b) => a.Units < b.Units),
        Method<DecimalValue, DecimalValue>("lessThanOrEqual", (a, b) => a.Units <= b.Units),
        Method<DecimalValue, DecimalValue>("greaterThan", (a, b) => a.Units > b.Units),
        Method<DecimalValue, DecimalValue>("greaterThanOrEqual", (a, b) => a.Units >= b.Units),
        Method<IpValue>("isIpv4", ip => ip.IsV4),
        Method<IpValue>("isIpv6", ip => ip.IsV6),
        Method<IpValue>("isLoopback", ip => ip.IsLoopback),
        Method<IpValue>("isMulticast", ip => ip.IsMulticast),
        Method<IpValue, IpValue>("isInRange", (ip, range) => ip.IsInRange(range)),
        Method<DatetimeValue, DurationValue>("offset", (time, span) => Time((Int128)time.Milliseconds + span.Milliseconds)),
        Method<DatetimeValue, DatetimeValue>("durationSince", (time, since) => Span((Int128)time.Milliseconds - since.Milliseconds)),
        Method<DatetimeValue>("toDate", time => Time((Int128)DatetimeValue.FloorDivide(time.Milliseconds) * DatetimeValue.Day)),
        Method<DatetimeValue>("toTime", time => Span(time.Milliseconds - (Int128)DatetimeValue.FloorDivide(time.Milliseconds) * DatetimeValue.Day)),
        Method<DurationValue>("toMilliseconds", span => span.Milliseconds),
        Method<DurationValue>("toSeconds", span => span.Milliseconds / 1_000),
        Method<DurationValue>("toMinutes", span => span.Milliseconds / 60_000),
        Method<DurationValue>("toHours", span => span.Milliseconds / 3_600_000),
        Method<DurationValue>("toDays", span => span.Milliseconds / DatetimeValue.Day),
    }.ToFrozenDictionary(function => function.Name);

    public static IEnumerable<string> Names => ByName.Keys;

    public static ExtensionFunction? Find(string name) => ByName.GetValueOrDefault(name);

    private static ExtensionFunction Constructor(string name, Func<string, Value?> parse, string form) => new(name, false, 1, Call(name, parse, form));

    private static ExtensionFunction.Body Call(string name, Func<string, Value?> parse, string form) =>
        (ReadOnlySpan<Value> arguments, out string? failure) =>
        {
            failure = null;
            if (arguments[0] is not StringValue text)
                return WrongType("string", arguments[0], out failure);

            var value = parse(text.Value);
            if (value is null)
                failure = $"the text is no {name} or out of range ({form})";
            return value;
        };

    private static ExtensionFunction Method<T>(string name, Func<T, Value?> body)
        where T : ExtensionValue => new(name, true, 1, (ReadOnlySpan<Value> arguments, out string? failure) =>
        {
            failure = null;
            return arguments[0] is T target ? Checked(name, body(target), out failure) : WrongType(KindOf<T>(), arguments[0], out failure);
        });

    private static ExtensionFunction Method<T1, T2>(string name, Func<T1, T2, Value?> body)
        where T1 : ExtensionValue
        where T2 : ExtensionValue => new(name, true, 2, (ReadOnlySpan<Value> arguments, out string? failure) =>
        {
            if (arguments[0] is not T1 target)
                return WrongType(KindOf<T1>(), arguments[0], out failure);
            if (arguments[1] is not T2 argument)
                return WrongType(KindOf<T2>(), arguments[1], out failure);

            return Checked(name, body(target, argument), out failure);
        });

    private static Value? Checked(string name, Value? value, out string? failure)
    {
        failure = value is null ? $"overflow in {name}" : null;
        return value;
    }

    private static Value? WrongType(string expected, Value actual, out string? failure)
    {
        failure = $"type error: expected {expected}, got {actual.Kind}";
        return null;
    }

    private static DatetimeValue? Time(Int128 milliseconds) => Fits(milliseconds) ? new DatetimeValue((long)milliseconds) : null;

    private static DurationValue? Span(Int128 milliseconds) => Fits(milliseconds) ? new DurationValue((long)milliseconds) : null;

    private static bool Fits(Int128 number) => number >= long.MinValue && number <= long.MaxValue;

    private static string KindOf<T>() => typeof(T) == typeof(DecimalValue) ? "decimal"
        : typeof(T) == typeof(IpValue) ? "ipaddr"
        : typeof(T) == typeof(DatetimeValue) ? "datetime"
        : "duration";
}
