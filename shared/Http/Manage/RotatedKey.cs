namespace Proofgate.Http.Manage;

/// <summary>Answer of <c>POST /manage/keys/{kid}/rotate</c>: the only time that the new key is shown.</summary>
/// <param name="Key">The new key.</param>
/// <param name="Record">Its record.</param>
/// <param name="Retired">The old key's record; <see cref="KeyView.Expires"/> says until when it holds.</param>
public sealed record RotatedKey(string Key, KeyView Record, KeyView Retired);
