namespace Proofgate.Cedar;

/// <summary>How strict the validator is.</summary>
public enum ValidationMode
{
    /// <summary>What is accepted cannot fail with a type error, and no expression mixes types: both sides of <c>==</c> have one type,
    /// sets have elements of one type, extension values come from literals.</summary>
    Strict,

    /// <summary>What is accepted cannot fail with a type error, but types may be mixed where that has a meaning.</summary>
    Permissive,
}
