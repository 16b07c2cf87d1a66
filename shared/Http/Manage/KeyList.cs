namespace Proofgate.Http.Manage;

/// <summary>Answer of <c>GET /manage/keys</c>.</summary>
public sealed record KeyList(IReadOnlyList<KeyView> Keys);
