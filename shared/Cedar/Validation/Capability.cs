namespace Proofgate.Cedar.Validation;

/// <summary>That a certain expression has a certain attribute or tag, because a <c>has</c> was true. Expressions by their <see cref="ShapeTable"/> numbers.</summary>
internal readonly record struct Capability(bool IsTag, int On, int Name);
