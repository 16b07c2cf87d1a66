namespace Proofgate.Http.Evidence;

/// <summary>Answer of <c>/audit/events</c>: the logs in which a tenant's events may be, and how their key has changed.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Logs">The logs.</param>
/// <param name="KeyChanges">Oldest first.</param>
public sealed record TenantLogsView(string Tenant, IReadOnlyList<TenantLogsView.Log> Logs, IReadOnlyList<TenantLogsView.KeyChange> KeyChanges)
{
    /// <param name="Name">The log.</param>
    /// <param name="Size">Leaves that its newest checkpoint covers.</param>
    public sealed record Log(string Name, long Size);

    /// <param name="Leaf">Its leaf of the super-log.</param>
    /// <param name="Note">A C2SP signed note, by the old key and the new one.</param>
    public sealed record KeyChange(long Leaf, string Note);
}
