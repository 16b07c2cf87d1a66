using Proofgate.Policy;

namespace Proofgate.Cli.Output;

/// <summary>A decision as documents show it.</summary>
internal sealed record PolicyAnswer(bool Allowed, IReadOnlyList<string> Policies, IReadOnlyList<string> Errors)
{
    internal static PolicyAnswer Of(Decision decision) => new(decision.Allowed, decision.Policies, decision.Errors);

    /// <summary><c>allowed by a, b</c>.</summary>
    public override string ToString() =>
        $"{(Allowed ? "allowed" : "denied")} by {(Policies.Count == 0 ? "no policy" : string.Join(", ", Policies))}{(Errors.Count > 0 ? $" (failed: {string.Join(", ", Errors)})" : "")}";
}
