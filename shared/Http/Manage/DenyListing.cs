namespace Proofgate.Http.Manage;

/// <summary>Answer of <c>GET /manage/deny</c>: the entries of the caller's tenant that bite.</summary>
public sealed record DenyListing(IReadOnlyList<DenyView> Entries);
