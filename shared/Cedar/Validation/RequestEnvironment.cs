using Proofgate.Cedar.Schemas;

namespace Proofgate.Cedar.Validation;

/// <summary>Types for which a policy is checked: an action, a principal type and a resource type to which it applies, and for templates the
/// types of what the slots may be linked to.</summary>
internal readonly record struct RequestEnvironment(ActionModel Action, CedarType Principal, CedarType Resource)
{
    public CedarType? PrincipalSlot { get; init; }

    public CedarType? ResourceSlot { get; init; }
}
