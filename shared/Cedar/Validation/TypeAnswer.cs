using System.Collections.Immutable;
using Proofgate.Cedar.Schemas;

namespace Proofgate.Cedar.Validation;

/// <summary>What the type checker says of an expression.</summary>
/// <param name="IsTyped">It cannot fail with a type error.</param>
/// <param name="Type">Its type; with an error, the type that it would have, if that is known.</param>
/// <param name="Capabilities">What is known to be there if the expression is true.</param>
internal readonly record struct TypeAnswer(bool IsTyped, CedarType? Type, ImmutableHashSet<Capability> Capabilities)
{
    public static readonly ImmutableHashSet<Capability> Nothing = [];

    public static TypeAnswer Success(CedarType type) => new(true, type, Nothing);

    public static TypeAnswer Success(CedarType type, ImmutableHashSet<Capability> capabilities) => new(true, type, capabilities);

    public static TypeAnswer Fail(CedarType? type) => new(false, type, Nothing);

    /// <summary>This answer, failed if something before it failed.</summary>
    public TypeAnswer After(bool isTyped) => isTyped || !IsTyped ? this : Fail(Type);
}
