using System.Collections.Frozen;

namespace Proofgate.Enforcement.Limits;

/// <summary>The limits that a bundle states: for each sort by name, and <c>*</c> for whoever is not named.</summary>
internal sealed class LimitSheet(IReadOnlyDictionary<(LimitScope Scope, string Name), ScopeLimits> limits)
{
    internal const string Everybody = "*";

    private readonly FrozenDictionary<(LimitScope, string), ScopeLimits> _limits = limits.ToFrozenDictionary();

    /// <summary>Of one name: its own, or those of everybody else.</summary>
    internal ScopeLimits Of(LimitScope scope, string name) =>
        _limits.Count == 0 ? ScopeLimits.None
        : _limits.TryGetValue((scope, name), out var own) || _limits.TryGetValue((scope, Everybody), out own) ? own
        : ScopeLimits.None;
}
