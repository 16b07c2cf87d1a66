namespace Proofgate.Http.Manage;

/// <summary>Answer of <c>GET /manage/keys</c>: a page, in the order of ids.</summary>
/// <param name="Keys">May be none where others' keys were looked at.</param>
/// <param name="Next">What to ask for with <c>?after=</c> to go on; null at the end.</param>
public sealed record KeyList(IReadOnlyList<KeyView> Keys, string? Next);
