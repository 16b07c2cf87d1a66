namespace Proofgate.Cedar.Scopes;

/// <summary>What a policy's scope says about principal, action or resource. Never fails, unlike a condition.</summary>
internal sealed class ScopeConstraint
{
    private ScopeConstraint(ConstraintKind kind, string? type, EntityUid[] uids, bool isSlot)
    {
        Kind = kind;
        Type = type;
        Uids = uids;
        IsSlot = isSlot;
    }

    public static ScopeConstraint Any { get; } = new(ConstraintKind.Any, null, [], false);

    public ConstraintKind Kind { get; }

    /// <summary>For <c>is</c>.</summary>
    public string? Type { get; }

    /// <summary>For <c>==</c> one, for <c>in</c> one or (actions only) any number, also none. Empty for a slot.</summary>
    public EntityUid[] Uids { get; }

    /// <summary>The entity is <c>?principal</c> or <c>?resource</c>: the policy is a template.</summary>
    public bool IsSlot { get; }

    /// <summary>Where it starts in its text; null for <see cref="Any"/> and outside any text.</summary>
    public SourcePosition? Position { get; private init; }

    public static ScopeConstraint Equal(EntityUid? uid) => new(ConstraintKind.Equal, null, Listed(uid), uid is null);

    public static ScopeConstraint In(EntityUid? uid) => new(ConstraintKind.In, null, Listed(uid), uid is null);

    public static ScopeConstraint InAny(EntityUid[] uids) => new(ConstraintKind.In, null, uids, false);

    public static ScopeConstraint Is(string type) => new(ConstraintKind.Is, type, [], false);

    public static ScopeConstraint IsIn(string type, EntityUid? uid) => new(ConstraintKind.IsIn, type, Listed(uid), uid is null);

    /// <summary>With <paramref name="uid"/> where the slot is.</summary>
    public ScopeConstraint Filled(EntityUid? uid) => IsSlot && uid is { } value ? new(Kind, Type, [value], false) { Position = Position } : this;

    public ScopeConstraint At(SourcePosition position) => Kind == ConstraintKind.Any ? this : new(Kind, Type, Uids, IsSlot) { Position = position };

    private static EntityUid[] Listed(EntityUid? uid) => uid is { } one ? [one] : [];
}
