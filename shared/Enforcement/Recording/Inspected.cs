using Proofgate.Policy;
using Proofgate.Protection;

namespace Proofgate.Enforcement.Recording;

/// <param name="Facts">With the kinds that were found.</param>
/// <param name="Found">How often.</param>
/// <param name="Recogniser">Which was asked; null where none was.</param>
internal readonly record struct Inspected(CallFacts Facts, KindCounts Found, RecogniserPlan? Recogniser)
{
    /// <summary>Kinds that rules do not find.</summary>
    internal IEnumerable<Kind> MoreKinds => Recogniser?.Kinds.Except(RuleSet.Default.Kinds) ?? [];
}
