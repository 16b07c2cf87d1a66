namespace Proofgate.Protection;

/// <summary>What of a call's placeholders comes back to its caller, and where. Immutable but for the map, which is complete when an answer begins.</summary>
public sealed class Restoration
{
    private static readonly HashSet<Kind> Nothing = [];

    private readonly IReadOnlyDictionary<string, IReadOnlySet<Kind>> _tools;

    /// <param name="map">The call's placeholders.</param>
    /// <param name="inText">The kinds that the caller may see, in text that a person reads.</param>
    /// <param name="tools">By name: the kinds that a tool of the caller may be given, of those that the caller may see.</param>
    public Restoration(PlaceholderMap map, IReadOnlySet<Kind> inText, IReadOnlyDictionary<string, IReadOnlySet<Kind>> tools)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(inText);
        ArgumentNullException.ThrowIfNull(tools);
        (Map, InText, _tools) = (map, inText, tools);
    }

    public PlaceholderMap Map { get; }

    public IReadOnlySet<Kind> InText { get; }

    /// <summary>Everywhere else: masks stand for the placeholders.</summary>
    public static IReadOnlySet<Kind> Nowhere => Nothing;

    /// <summary>What is put back into the arguments of a tool; nothing for one that is not known.</summary>
    public IReadOnlySet<Kind> InArgumentsOf(string? tool) => tool is not null && _tools.TryGetValue(tool, out var kinds) ? kinds : Nothing;
}
