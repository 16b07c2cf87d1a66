namespace Proofgate.Http.Evidence;

/// <summary>Answer of <c>/audit/events/{partition}</c>: a tenant's events of a stretch of one log.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Log">The log.</param>
/// <param name="Size">Leaves that the checkpoint of the proofs covers.</param>
/// <param name="From">First leaf that was looked at.</param>
/// <param name="Next">Where to go on, with the same <c>size</c>; null at the end.</param>
/// <param name="Events">In their order.</param>
public sealed record TenantEventsView(string Tenant, string Log, long Size, long From, long? Next, IReadOnlyList<TenantEventsView.Event> Events)
{
    /// <param name="Index">Its leaf.</param>
    /// <param name="Id">Its audit id.</param>
    /// <param name="Decision">For an outcome: its decision's audit id.</param>
    /// <param name="Proof">C2SP tlog-proof with the event's bytes as <c>extra</c>.</param>
    public sealed record Event(long Index, string Id, string? Decision, string Proof);
}
