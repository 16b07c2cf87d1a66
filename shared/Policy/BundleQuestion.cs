using Proofgate.Cedar;

namespace Proofgate.Policy;

/// <summary>A form of question that will be asked.</summary>
/// <param name="Action">What is asked.</param>
/// <param name="Resource">Of what.</param>
/// <param name="More">What stands in the context beside what every call has.</param>
public sealed record BundleQuestion(EntityUid Action, Entity Resource, params IReadOnlyList<(string Name, Value Value)> More);
