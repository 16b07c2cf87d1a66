namespace Proofgate.Cedar.Schemas;

/// <summary>A name of a type as it is written, not yet resolved.</summary>
internal readonly record struct NameSyntax(string Path, Place Place);
