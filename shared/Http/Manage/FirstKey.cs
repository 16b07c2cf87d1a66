namespace Proofgate.Http.Manage;

/// <summary>Answer of <c>POST /manage/init</c>.</summary>
public sealed record FirstKey(string Key, string Kid, DateTimeOffset? Expires);
