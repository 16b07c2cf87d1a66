namespace Proofgate.Cedar.Schemas;

/// <summary>A declaration of actions, which share everything but their names.</summary>
internal sealed record ActionSyntax(IReadOnlyList<NameSyntax> Names)
{
    public IReadOnlyList<ActionParentSyntax> Parents { get; init; } = [];

    public IReadOnlyList<NameSyntax> Principals { get; init; } = [];

    public IReadOnlyList<NameSyntax> Resources { get; init; } = [];

    public TypeSyntax? Context { get; init; }
}
