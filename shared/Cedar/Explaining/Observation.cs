namespace Proofgate.Cedar.Explaining;

/// <summary>A value that an expression saw, both in Cedar syntax and shortened. The value may be personal: for whoever may see the request.</summary>
public sealed record Observation(string Text, string Value);
