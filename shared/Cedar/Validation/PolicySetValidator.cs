using System.Runtime.ExceptionServices;
using Proofgate.Cedar.Schemas;

namespace Proofgate.Cedar.Validation;

/// <summary>Validates all policies and templates of a set with one budget.</summary>
internal sealed class PolicySetValidator
{
    private const int Tall = 50;
    private const int TallStack = 16 * 1024 * 1024;

    private readonly Schema _schema;
    private readonly ValidationMode _mode;
    private readonly TypeTable _table;
    private readonly TypeRelations _relations;
    private readonly RequestEnvironment[] _environments;
    private readonly Lazy<Dictionary<string, List<CedarType>>> _ancestors;
    private readonly ValidationBudget _budget = new(CedarLimits.ValidationSteps);

    public PolicySetValidator(Schema schema, ValidationMode mode)
    {
        _schema = schema;
        _mode = mode;
        _table = new TypeTable(schema.Types);
        _relations = new TypeRelations(_table);
        _environments = [.. Environments()];
        _ancestors = new Lazy<Dictionary<string, List<CedarType>>>(Ancestors);
    }

    /// <summary>Policies with tall expressions are validated on a thread of their own, with stack enough for any that the parser accepts.</summary>
    public ValidationReport Validate(PolicySet policies)
    {
        var isTall = policies.Policies.Concat(policies.Templates).Any(policy => Array.Exists(policy.Conditions, condition => condition.Body.Height > Tall));
        return isTall ? OnTallStack(() => Run(policies)) : Run(policies);
    }

    private static ValidationReport OnTallStack(Func<ValidationReport> run)
    {
        ValidationReport? report = null;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    report = run();
                }
                catch (Exception exception)
                {
                    failure = ExceptionDispatchInfo.Capture(exception);
                }
            },
            TallStack);
        thread.Start();
        thread.Join();
        failure?.Throw();
        return report!;
    }

    private ValidationReport Run(PolicySet policies)
    {
        var templates = policies.Templates.Select(template => template.Id).ToHashSet();
        var errors = new List<ValidationFinding>();
        var warnings = new List<ValidationFinding>();
        foreach (var policy in policies.Policies.Concat(policies.Templates))
        {
            if (_budget.IsSpent)
            {
                errors.Add(new ValidationFinding(policy.Id, "validation stopped before this policy: policies and schema together are too large")
                {
                    FileName = policy.FileName,
                    Position = policy.Position,
                    Hint = "let actions apply to fewer types, or split the policies",
                });
                break;
            }

            var findings = new PolicyFindings(policy);

            // A link adds nothing but the entities in the slots to its template, which is checked for any that fit.
            if (policy.Link is { } link && templates.Contains(link.TemplateId))
                new NameChecker(_schema, _budget, findings).CheckLink(policy, link);
            else
                Validate(policy, findings);
            errors.AddRange(findings.Errors);
            warnings.AddRange(findings.Warnings);
        }

        return new ValidationReport { Mode = _mode, Errors = errors, Warnings = warnings };
    }

    private void Validate(Policy policy, PolicyFindings findings)
    {
        var condition = ScopeExpressions.Condition(policy);
        new NameChecker(_schema, _budget, findings).Check(policy, condition);

        var checker = new TypeChecker(_schema, _table, _relations, _mode, _budget, findings);
        var isImpossible = true;
        foreach (var environment in _environments)
        {
            foreach (var linked in Linked(policy, environment))
            {
                var answer = checker.CheckCondition(condition, linked);
                isImpossible &= answer.Type == CedarType.False;
                if (_budget.IsSpent || findings.IsFull)
                    break;
                if (!answer.IsTyped && !findings.HasErrors)
                    findings.Error(policy.Position, "the policy cannot be validated");
            }

            if (findings.IsFull)
                return;
            if (_budget.IsSpent)
            {
                findings.Error(policy.Position, "validation stopped: policies and schema together are too large", "let actions apply to fewer types, or split the policies");
                return;
            }
        }

        if (isImpossible)
            findings.Warn(policy.Position, "the policy can never apply: its condition is false whatever the request", "look at the types in its scope and at what `is`, `in` and `has` ask for");
        TextChecker.Check(condition, findings);
    }

    private IEnumerable<RequestEnvironment> Environments() =>
        from action in _schema.ActionModels
        from principal in action.Principals
        from resource in action.Resources
        select new RequestEnvironment(action, _table.Entity(principal), _table.Entity(resource));

    /// <summary>For a template, an environment for each type that a slot may be linked to.</summary>
    private IEnumerable<RequestEnvironment> Linked(Policy policy, RequestEnvironment environment) => policy.IsTemplate
        ? from principal in LinkedTypes(policy.Principal, environment.Principal)
          from resource in LinkedTypes(policy.Resource, environment.Resource)
          select environment with { PrincipalSlot = principal, ResourceSlot = resource }
        : [environment];

    private IEnumerable<CedarType?> LinkedTypes(Scopes.ScopeConstraint constraint, CedarType variable)
    {
        if (!constraint.IsSlot)
            return [null];
        if (constraint.Kind == Scopes.ConstraintKind.Equal)
            return [variable];

        var name = ((CedarType.Entity)variable).Single!;
        return _ancestors.Value.TryGetValue(name, out var ancestors) ? ancestors.Append(variable) : [variable];
    }

    /// <summary>For each type, those that it can be in.</summary>
    private Dictionary<string, List<CedarType>> Ancestors()
    {
        var ancestors = new Dictionary<string, List<CedarType>>();
        foreach (var model in _schema.EntityTypeModels)
        {
            foreach (var descendant in model.Descendants)
            {
                if (!ancestors.TryGetValue(descendant, out var known))
                    ancestors.Add(descendant, known = []);
                known.Add(model.Type);
            }
        }

        return ancestors;
    }
}
