namespace Proofgate.Protection.Automata;

/// <summary>The states in which matches begin at one character.</summary>
/// <param name="Plain">Of matches whose first character it is.</param>
/// <param name="Lead">Of a match that began with the lead before it; 0 if there is none.</param>
internal sealed record StartSet(ushort[] Plain, ushort Lead);
