using Proofgate.Cedar.Expressions;

namespace Proofgate.Cedar.Scopes;

/// <summary>A <c>when</c> or <c>unless</c> clause.</summary>
internal readonly record struct Condition(bool IsUnless, Expression Body);
