namespace Proofgate.Cedar.Schemas;

/// <summary>The declarations of one namespace.</summary>
/// <param name="Name">Empty for what stands outside any namespace.</param>
internal sealed record NamespaceSyntax(string Name, Place Place)
{
    public List<EntitySyntax> Entities { get; } = [];

    public List<CommonSyntax> Commons { get; } = [];

    public List<ActionSyntax> Actions { get; } = [];
}
