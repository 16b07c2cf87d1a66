namespace Proofgate.Protection.Matching;

/// <summary>A match that may still come true: where it began and how far the automaton is.</summary>
internal record struct LiveMatch(long Start, ushort State);
