namespace Proofgate.Http.Manage;

/// <summary>Answer of <c>POST /manage/keys</c>: the only time that the key is shown.</summary>
public sealed record CreatedKey(string Key, KeyView Record);
