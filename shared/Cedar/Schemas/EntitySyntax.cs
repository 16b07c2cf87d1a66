namespace Proofgate.Cedar.Schemas;

/// <summary>A declaration of entity types, which share everything but their names.</summary>
internal sealed record EntitySyntax(IReadOnlyList<NameSyntax> Names)
{
    public IReadOnlyList<NameSyntax> Parents { get; init; } = [];

    public TypeSyntax? Shape { get; init; }

    public TypeSyntax? Tags { get; init; }

    /// <summary>All ids that there are, for an enumeration.</summary>
    public IReadOnlyList<string>? Ids { get; init; }
}
