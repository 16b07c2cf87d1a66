namespace Proofgate.Http.Evidence;

/// <summary>Answer of <c>/audit/events</c>: the logs in which a tenant's events may be.</summary>
public sealed record TenantLogsView(string Tenant, IReadOnlyList<TenantLogsView.Log> Logs)
{
    /// <param name="Name">The log.</param>
    /// <param name="Size">Leaves that its newest checkpoint covers.</param>
    public sealed record Log(string Name, long Size);
}
