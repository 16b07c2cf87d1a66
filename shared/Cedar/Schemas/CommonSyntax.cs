namespace Proofgate.Cedar.Schemas;

/// <summary>A declaration of a common type.</summary>
internal sealed record CommonSyntax(NameSyntax Name, TypeSyntax Type);
