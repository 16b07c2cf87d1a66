namespace Proofgate.Cedar.Schemas;

/// <summary>A group that an action is in. Without a type it is an action of the same namespace.</summary>
internal readonly record struct ActionParentSyntax(string? Type, string Id, Place Place);
