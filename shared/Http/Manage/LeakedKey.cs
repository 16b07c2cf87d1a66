namespace Proofgate.Http.Manage;

/// <summary>Body of <c>POST /keys/leaked</c>. A class, not a record: it must never print itself.</summary>
public sealed class LeakedKey
{
    /// <summary>The key, whole.</summary>
    public required string Key { get; init; }
}
