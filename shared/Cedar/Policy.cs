using Proofgate.Cedar.Evaluation;
using Proofgate.Cedar.Scopes;

namespace Proofgate.Cedar;

/// <summary>One policy, or one template, of a <see cref="PolicySet"/>.</summary>
public sealed class Policy
{
    internal Policy(ScopeConstraint principal, ScopeConstraint action, ScopeConstraint resource, Condition[] conditions)
    {
        Principal = principal;
        Action = action;
        Resource = resource;
        Conditions = conditions;
    }

    /// <summary>Unique in its set: see <see cref="PolicyNaming"/>.</summary>
    public required string Id { get; init; }

    public required Effect Effect { get; init; }

    /// <summary>By key; an annotation without a value has the value "".</summary>
    public required IReadOnlyDictionary<string, string> Annotations { get; init; }

    /// <summary>Where the policy starts in its text, annotations included.</summary>
    public required SourcePosition Position { get; init; }

    /// <summary>The name given to the parser.</summary>
    public required string? FileName { get; init; }

    /// <summary>The policy as it was written, without comments around it.</summary>
    public required string Source { get; init; }

    /// <summary>It has a slot, so it decides nothing until it is linked.</summary>
    public bool IsTemplate => Principal.IsSlot || Resource.IsSlot;

    internal ScopeConstraint Principal { get; }

    internal ScopeConstraint Action { get; }

    internal ScopeConstraint Resource { get; }

    internal Condition[] Conditions { get; }

    public override string ToString() => Id;

    /// <summary>Whether the conditions hold; null if one failed, and then the evaluator knows why.</summary>
    internal bool? Test(Evaluator evaluator)
    {
        foreach (var condition in Conditions)
        {
            if (evaluator.Test(condition.Body) is not { } holds)
                return null;
            if (holds == condition.IsUnless)
                return false;
        }

        return true;
    }
}
