namespace Proofgate.Http.Manage;

/// <summary>Answer of <c>POST /manage/policy/check</c>.</summary>
/// <param name="Sound">Whether it could be activated.</param>
/// <param name="Digest">Absent: its form already is none of a bundle.</param>
/// <param name="Name">The bundle's own name, where it is sound.</param>
/// <param name="Author">Name of the key that is said to have signed it.</param>
/// <param name="Problems">All of them, each with its place.</param>
public sealed record PolicyCheckView(bool Sound, string? Digest, string? Name, string? Author, IReadOnlyList<string> Problems);
