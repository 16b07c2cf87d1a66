using Proofgate.Cedar.Expressions;
using Proofgate.Cedar.Schemas;
using Proofgate.Cedar.Scopes;
using Proofgate.Cedar.Syntax;

namespace Proofgate.Cedar.Validation;

/// <summary>Checks the names that a policy writes, also where its type makes no difference, and that its scope fits an action.</summary>
internal sealed class NameChecker(Schema schema, ValidationBudget budget, PolicyFindings findings)
{
    private const int Shown = 8;

    public void Check(Policy policy, Expression condition)
    {
        foreach (var expression in ExpressionWalk.All(condition))
        {
            if (findings.IsFull)
                return;

            switch (expression)
            {
                case Literal { Value: EntityValue { Uid: var uid } }:
                    Uid(expression.Position, uid);
                    break;
                case IsType isType:
                    Type(expression.Position, isType.Type);
                    break;
            }
        }

        Application(policy);
    }

    /// <summary>Checks what fills the slots of a template.</summary>
    public void CheckLink(Policy policy, TemplateLink link)
    {
        if (link.Principal is { } principal)
            Type(policy.Principal.Position ?? policy.Position, principal.Type);
        if (link.Resource is { } resource)
            Type(policy.Resource.Position ?? policy.Position, resource.Type);
        Application(policy);
    }

    private void Uid(SourcePosition position, EntityUid uid)
    {
        if (Schema.IsActionType(uid.Type))
            Action(position, uid);
        else if (schema.EntityType(uid.Type) is not { } type)
            Type(position, uid.Type);
        else if (type.Ids is { } ids && !ids.Contains(uid.Id))
            findings.Error(position, $"{uid} is none of the entities that `{uid.Type}` has", Hint(() => Nearest.Hint(uid.Id, ids)) ?? (ids.Count <= Shown ? $"there are {string.Join(", ", ids.Order(StringComparer.Ordinal))}" : null));
    }

    private void Action(SourcePosition position, EntityUid uid)
    {
        if (schema.Action(uid) is null)
        {
            findings.Error(position, $"the schema has no action {uid}", Hint(() =>
                Nearest.Hint(uid.Id, schema.ActionModels.Where(action => action.Uid.Type == uid.Type).Select(action => action.Uid.Id))
                ?? (schema.ActionModels.FirstOrDefault(action => action.Uid.Id == uid.Id) is { } elsewhere ? $"there is {elsewhere.Uid}" : null)));
        }
    }

    private void Type(SourcePosition position, string name)
    {
        if (Schema.IsActionType(name) || schema.EntityType(name) is not null)
            return;

        findings.Error(position, $"the schema has no entity type `{name}`", Hint(() =>
            schema.EntityTypes.FirstOrDefault(known => known.EndsWith("::" + name, StringComparison.Ordinal)) is { } elsewhere
                ? $"there is `{elsewhere}`"
                : Nearest.Hint(name, schema.EntityTypes)));
    }

    private string? Hint(Func<string?> find) => budget.TryHint() ? find() : null;

    /// <summary>Some action of the scope must apply to some principal and resource of the scope.</summary>
    private void Application(Policy policy)
    {
        var principals = Types(policy.Principal);
        var resources = Types(policy.Resource);
        var actions = Actions(policy.Action).ToList();
        foreach (var action in actions)
        {
            if (!budget.TrySpend(1 + action.Principals.Count + action.Resources.Count) || (Any(action.Principals, principals) && Any(action.Resources, resources)))
                return;
        }

        findings.Error(policy.Position, "no action applies to the principal, action and resource of the scope", Hint(() => ApplicationHint(policy, actions)));
    }

    private string? ApplicationHint(Policy policy, List<ActionModel> actions)
    {
        if (WouldInFix(policy.Principal, actions, action => action.Principals))
            return "for principals below this one, write `principal in`";
        if (WouldInFix(policy.Resource, actions, action => action.Resources))
            return "for resources below this one, write `resource in`";
        if (actions is not [var action])
            return null;

        return action.Principals.Count == 0
            ? $"{action.Uid} applies to nothing, it is a mere group"
            : $"{action.Uid} applies to principals of type {List(action.Principals)} and resources of type {List(action.Resources)}";
    }

    private bool WouldInFix(ScopeConstraint constraint, List<ActionModel> actions, Func<ActionModel, IReadOnlyList<string>> types) =>
        constraint is { Kind: ConstraintKind.Equal, Uids: [var uid] }
        && schema.EntityType(uid.Type) is { } type
        && !actions.Exists(action => types(action).Contains(uid.Type))
        && actions.Exists(action => types(action).Any(type.Descendants.Contains));

    private static string List(IReadOnlyList<string> names) => string.Join(", ", names.Take(Shown)) + (names.Count > Shown ? ", ..." : "");

    private static bool Any(IReadOnlyList<string> applicable, Func<string, bool> isInScope)
    {
        foreach (var type in applicable)
        {
            if (isInScope(type))
                return true;
        }

        return false;
    }

    /// <summary>Whether a type can be that of a principal or resource in the scope.</summary>
    private Func<string, bool> Types(ScopeConstraint constraint)
    {
        var within = constraint is { IsSlot: false, Kind: ConstraintKind.In or ConstraintKind.IsIn } ? constraint.Uids[0].Type : null;
        return constraint.Kind switch
        {
            ConstraintKind.Any => _ => true,
            ConstraintKind.Equal or ConstraintKind.In when constraint.IsSlot => _ => true,
            ConstraintKind.Equal => name => name == constraint.Uids[0].Type,
            ConstraintKind.In => name => IsIn(name, within!),
            ConstraintKind.Is => name => name == constraint.Type,
            _ => name => name == constraint.Type && (within is null || IsIn(name, within)),
        };
    }

    private bool IsIn(string name, string ancestor) => name == ancestor || schema.EntityType(ancestor)?.Descendants.Contains(name) == true;

    private IEnumerable<ActionModel> Actions(ScopeConstraint constraint)
    {
        if (constraint.Kind == ConstraintKind.Any)
            return schema.ActionModels;

        var named = constraint.Uids.Select(schema.Action).ToList();
        if (named.Contains(null))
            return [];
        return constraint.Kind == ConstraintKind.Equal
            ? named!
            : named.SelectMany(action => action!.Descendants.Select(uid => schema.Action(uid)!).Append(action)).Distinct();
    }
}
