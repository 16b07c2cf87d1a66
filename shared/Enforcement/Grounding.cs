using Proofgate.Protection;

namespace Proofgate.Enforcement;

/// <summary>What a prompt stands on, once it is fetched.</summary>
public sealed record Grounding
{
    /// <summary>Placed into the prompt in this order.</summary>
    public required IReadOnlyList<GroundingPassage> Passages { get; init; }

    /// <summary>Rank of the highest label of anything that was fetched; the call's can only rise to it.</summary>
    public required long Label { get; init; }

    /// <summary>
    /// Values in the passages that the model may know and this caller may not see (<c>disclose</c> allowed, <c>reveal</c> not). They are redacted from every text of
    /// the answer wherever they stand verbatim, if they have 8 characters and are no common word (<see cref="ExactValues"/>); of what stands
    /// behind a placeholder, whatever its length, none of them comes back. Values that were not fetched do not belong here: they never shape redaction.
    /// </summary>
    public IReadOnlyCollection<string> Withheld { get; init; } = [];

    /// <summary>
    /// Values in the passages that are of a kind because they stood in a column of it, whether or not a rule would find them. Each has a length of
    /// <see cref="NamedValues"/>. Where its kind may not go to the model, a placeholder stands for it.
    /// </summary>
    public IReadOnlyCollection<(Kind Kind, string Value)> Values { get; init; } = [];
}
