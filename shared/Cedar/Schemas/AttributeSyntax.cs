namespace Proofgate.Cedar.Schemas;

/// <summary>An attribute of a record type as it is written.</summary>
internal readonly record struct AttributeSyntax(string Name, bool IsRequired, TypeSyntax Type);
