using System.Collections.Frozen;
using Proofgate.Cedar.Schemas;

namespace Proofgate.Cedar.Validation;

/// <summary>The types of arguments and result of the extension functions.</summary>
internal sealed class FunctionTypes(CedarType result, params CedarType[] arguments)
{
    private static readonly FrozenDictionary<string, FunctionTypes> ByName = new Dictionary<string, FunctionTypes>
    {
        ["decimal"] = new(CedarType.Decimal, CedarType.String),
        ["lessThan"] = new(CedarType.Bool, CedarType.Decimal, CedarType.Decimal),
        ["lessThanOrEqual"] = new(CedarType.Bool, CedarType.Decimal, CedarType.Decimal),
        ["greaterThan"] = new(CedarType.Bool, CedarType.Decimal, CedarType.Decimal),
        ["greaterThanOrEqual"] = new(CedarType.Bool, CedarType.Decimal, CedarType.Decimal),
        ["ip"] = new(CedarType.Ip, CedarType.String),
        ["isIpv4"] = new(CedarType.Bool, CedarType.Ip),
        ["isIpv6"] = new(CedarType.Bool, CedarType.Ip),
        ["isLoopback"] = new(CedarType.Bool, CedarType.Ip),
        ["isMulticast"] = new(CedarType.Bool, CedarType.Ip),
        ["isInRange"] = new(CedarType.Bool, CedarType.Ip, CedarType.Ip),
        ["datetime"] = new(CedarType.Datetime, CedarType.String),
        ["duration"] = new(CedarType.Duration, CedarType.String),
        ["offset"] = new(CedarType.Datetime, CedarType.Datetime, CedarType.Duration),
        ["durationSince"] = new(CedarType.Duration, CedarType.Datetime, CedarType.Datetime),
        ["toDate"] = new(CedarType.Datetime, CedarType.Datetime),
        ["toTime"] = new(CedarType.Duration, CedarType.Datetime),
        ["toMilliseconds"] = new(CedarType.Long, CedarType.Duration),
        ["toSeconds"] = new(CedarType.Long, CedarType.Duration),
        ["toMinutes"] = new(CedarType.Long, CedarType.Duration),
        ["toHours"] = new(CedarType.Long, CedarType.Duration),
        ["toDays"] = new(CedarType.Long, CedarType.Duration),
    }.ToFrozenDictionary();

    public CedarType Result { get; } = result;

    public CedarType[] Arguments { get; } = arguments;

    /// <summary>The function makes an extension value from a string, which strictly must be a literal.</summary>
    public bool IsConstructor => Arguments is [var argument] && argument == CedarType.String;

    /// <exception cref="KeyNotFoundException">The function has no types here: an extension was added without them.</exception>
    public static FunctionTypes Of(string function) => ByName[function];

    /// <summary>The function that makes values of an extension type from strings, or null for other types.</summary>
    public static string? ConstructorOf(CedarType type) =>
        type == CedarType.Decimal ? "decimal"
        : type == CedarType.Ip ? "ip"
        : type == CedarType.Datetime ? "datetime"
        : type == CedarType.Duration ? "duration"
        : null;
}
