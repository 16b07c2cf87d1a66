using Proofgate.Identity;

namespace Proofgate.Policy.Testing;

/// <summary>A caller by the name that a test file gives it.</summary>
/// <param name="Caller">As the authenticator would have made it.</param>
/// <param name="Age">Time since the sign-in; the moment follows from the clock of the context.</param>
internal sealed record TestPrincipal(string Name, Caller Caller, TimeSpan? Age);
