namespace Proofgate.Cedar.Schemas;

/// <summary>A type as it is written, its names not yet resolved. Nesting is bounded by whoever read it.</summary>
internal abstract record TypeSyntax(Place Place)
{
    /// <summary>A type that the JSON form spells out, such as <c>{"type": "Long"}</c>.</summary>
    public sealed record Known(Place Place, CedarType Type) : TypeSyntax(Place);

    public sealed record Named(Place Place, string Path, NameKind Kind) : TypeSyntax(Place);

    public sealed record Set(Place Place, TypeSyntax Element) : TypeSyntax(Place);

    /// <summary>The names differ.</summary>
    public sealed record Record(Place Place, IReadOnlyList<AttributeSyntax> Attributes) : TypeSyntax(Place);
}
