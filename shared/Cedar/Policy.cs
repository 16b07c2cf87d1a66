using Proofgate.Cedar.Evaluation;
using Proofgate.Cedar.Scopes;
using Proofgate.Cedar.Syntax;

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

    /// <summary>The link that made this policy out of a template, or null. Everything but id and scope is that of the template.</summary>
    public TemplateLink? Link { get; private init; }

    /// <summary>It has a slot, so it decides nothing until it is linked.</summary>
    public bool IsTemplate => Principal.IsSlot || Resource.IsSlot;

    internal ScopeConstraint Principal { get; }

    internal ScopeConstraint Action { get; }

    internal ScopeConstraint Resource { get; }

    internal Condition[] Conditions { get; }

    public override string ToString() => Id;

    /// <summary>This template with its slots filled. Gives null and the reason if the values do not fit the slots.</summary>
    internal Policy? TryLink(TemplateLink link, out string? error)
    {
        error = WrongValue("?principal", Principal.IsSlot, link.Principal) ?? WrongValue("?resource", Resource.IsSlot, link.Resource);
        if (error is not null)
            return null;

        return new Policy(Principal.Filled(link.Principal), Action, Resource.Filled(link.Resource), Conditions)
        {
            Id = link.NewId,
            Effect = Effect,
            Annotations = Annotations,
            Position = Position,
            FileName = FileName,
            Source = Source,
            Link = link,
        };
    }

    private string? WrongValue(string slot, bool isSlot, EntityUid? value) => (isSlot, value) switch
    {
        (true, null) => $"the template {StringLiteral.Quote(Id)} needs a value for {slot}",
        (false, not null) => $"the template {StringLiteral.Quote(Id)} has no slot {slot}",
        (true, { } uid) when uid.Id is null || !EntityUid.IsValidType(uid.Type) => $"the value for {slot} is not the name of an entity",
        _ => null,
    };

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
