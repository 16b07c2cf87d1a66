namespace Proofgate.Audit.Streaming;

/// <summary>
/// Which stream this is: its name (an Event Hubs resource id, or <c>embedded:</c> and a random id) and when it was created. A stream that was
/// made anew under the old name differs in the time; its ledger continues in a new epoch.
/// </summary>
public sealed record StreamIdentity(string Name, DateTimeOffset CreatedAt)
{
    /// <summary>Whether this stream was made after <paramref name="other"/>: only a newer stream may end an older one's epoch.</summary>
    internal bool IsNewerThan(StreamIdentity other) =>
        CreatedAt != other.CreatedAt ? CreatedAt > other.CreatedAt : string.CompareOrdinal(Name, other.Name) > 0;
}
