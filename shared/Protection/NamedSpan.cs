namespace Proofgate.Protection;

/// <summary>Where a value of <see cref="NamedValues"/> stands in a text.</summary>
public readonly record struct NamedSpan(int Start, int End, Kind Kind);
