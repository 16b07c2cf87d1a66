namespace Proofgate.Cedar.Residuals;

/// <summary>A question about many resources at once: all is known but the resource, of which only the type and the parents are.</summary>
/// <param name="Context">What is known of the context.</param>
public sealed record PartialRequest(EntityUid Principal, EntityUid Action, UnknownEntity Resource, RecordValue Context)
{
    /// <summary>Attributes of the context that may be there or not, with any value. They are not in <see cref="Context"/>.</summary>
    public IReadOnlySet<string> UnknownContext { get; init; } = new HashSet<string>();
}
