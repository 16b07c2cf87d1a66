namespace Proofgate.Cedar.Residuals;

/// <summary>An entity of which neither the id nor an attribute nor a tag is known: a row before it is fetched.</summary>
/// <param name="Type">Its type, as in <see cref="EntityUid.Type"/>.</param>
public sealed record UnknownEntity(string Type)
{
    /// <summary>Its direct parents, all of them: every row of a dataset is in that dataset.</summary>
    public IReadOnlyList<EntityUid> Parents { get; init; } = [];
}
