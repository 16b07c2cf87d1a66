namespace Proofgate.Cedar.Formatting;

/// <summary>A comment on a line of its own, slashes included, and whether a blank line stands before it.</summary>
internal readonly record struct SourceComment(string Text, bool HasBlankBefore);
