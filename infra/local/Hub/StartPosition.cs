using System.Globalization;
using System.Text.RegularExpressions;
using Amqp.Framing;
using Amqp.Types;

namespace Proofgate.Local.Hub;

/// <summary>Where a receiver wants to begin, from the filter of its source.</summary>
internal readonly partial record struct StartPosition(StartKind Kind, long Value, bool IsInclusive)
{
    private const string FilterName = "apache.org:selector-filter:string";

    internal static StartPosition Earliest => new(StartKind.Offset, -1, false);

    /// <summary>Without a filter: from the first record. Null if the filter is none that the service knows.</summary>
    internal static StartPosition? TryRead(Source source)
    {
        if (source.FilterSet is not { Count: > 0 } filters)
            return Earliest;
        // A described text; its descriptor is the code 77567109365764 or the name, by client.
        return filters.Count == 1 && filters.TryGetValue(new Symbol(FilterName), out var filter) && filter is DescribedValue { Value: string expression }
            ? TryParse(expression)
            : null;
    }

    internal static StartPosition? TryParse(string expression)
    {
        // The JavaScript client puts quotes around every value, .NET around none.
        var match = Expression().Match(expression);
        if (!match.Success)
            return null;
        var (what, inclusive, value) = (match.Groups["what"].Value, match.Groups["relation"].Value == ">=", match.Groups["value"].Value);
        if (what == "offset" && value == "@latest")
            return new StartPosition(StartKind.Latest, 0, inclusive);
        if (!long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || number == long.MaxValue)
            return null;
        return new StartPosition(what switch { "offset" => StartKind.Offset, "sequence-number" => StartKind.SequenceNumber, _ => StartKind.Time }, number, inclusive);
    }

    [GeneratedRegex(@"\Aamqp\.annotation\.x-opt-(?<what>offset|sequence-number|enqueued-time) (?<relation>>=?) (?<quote>'?)(?<value>-?\d{1,19}|@latest)\k<quote>\z", RegexOptions.CultureInvariant)]
    private static partial Regex Expression();
}
