using Proofgate.Cedar.Scopes;

namespace Proofgate.Cedar.Explaining;

/// <summary>Tells a scope's constraint to people, and whether it fits.</summary>
internal static class ScopeText
{
    public static bool Fits(Policy policy, Request request, Entities entities) =>
        Fits(policy.Action, request.Action, entities) && Fits(policy.Principal, request.Principal, entities) && Fits(policy.Resource, request.Resource, entities);

    public static void Mismatch(List<ScopeMismatch> mismatches, string part, ScopeConstraint constraint, EntityUid actual, Entities entities)
    {
        if (!Fits(constraint, actual, entities))
            mismatches.Add(new ScopeMismatch(Of(part, constraint), actual, entities.Ancestors(actual)));
    }

    private static bool Fits(ScopeConstraint constraint, EntityUid uid, Entities entities) => constraint.Kind switch
    {
        ConstraintKind.Any => true,
        ConstraintKind.Equal => uid == constraint.Uids[0],
        ConstraintKind.Is => uid.Type == constraint.Type,
        ConstraintKind.IsIn when uid.Type != constraint.Type => false,
        _ => Array.Exists(constraint.Uids, ancestor => entities.IsIn(uid, ancestor)),
    };

    private static string Of(string part, ScopeConstraint constraint) => constraint.Kind switch
    {
        ConstraintKind.Any => part,
        ConstraintKind.Equal => $"{part} == {constraint.Uids[0]}",
        ConstraintKind.Is => $"{part} is {constraint.Type}",
        ConstraintKind.IsIn => $"{part} is {constraint.Type} in {constraint.Uids[0]}",
        _ when constraint.Uids.Length == 1 => $"{part} in {constraint.Uids[0]}",
        _ => $"{part} in [{string.Join(", ", constraint.Uids)}]",
    };
}
