using System.Text;
using Proofgate.Cedar.Evaluation;
using Proofgate.Cedar.Explaining;
using Proofgate.Cedar.Syntax;

namespace Proofgate.Cedar.Residuals;

/// <summary>
/// The policies as far as a <see cref="PartialRequest"/> decides them: which resources are allowed, as a condition on their attributes. Stricter than
/// Cedar in one thing, as an enforcing caller must be: a forbid that fails on a resource refuses it. A permit that fails grants nothing.
/// </summary>
public sealed class Residual
{
    // Nothing refers to an entity of this id.
    private const string Nameless = "\0";

    private readonly PartialRequest _request;
    private readonly Entities _entities;
    private readonly string _text;

    private Residual(PartialRequest request, Entities entities, IReadOnlyList<ResidualPolicy> policies, ResidualExpression allowed, string text)
    {
        (_request, _entities, Policies, Allowed, _text) = (request, entities, policies, allowed, text);
        DependsOnIdentity = policies.Any(p => NeedsIdentity(p.Condition));
    }

    /// <summary>Whether every resource of the type is allowed (true) or none is (false); null if it depends on the resource.</summary>
    public bool? Decided => (Allowed as ResidualExpression.Literal)?.Value is BoolValue test ? test.Value : null;

    /// <summary>
    /// The resources that are allowed: never fails, and made of <c>&amp;&amp;</c> and <c>||</c> over terms that cannot fail, among them
    /// <see cref="ResidualExpression.Holds"/> around whatever can. A translation that finds a term that it cannot say exactly must refuse.
    /// </summary>
    public ResidualExpression Allowed { get; }

    /// <summary>The policies that apply to some resource, or fail for some, in the order of the set.</summary>
    public IReadOnlyList<ResidualPolicy> Policies { get; }

    /// <summary>Whether policies ask for more than the attributes of the resource: for its id, or its tags.</summary>
    public bool DependsOnIdentity { get; }

    /// <summary>Decides about one resource: the reference that every translation must agree with.</summary>
    /// <param name="resource">Of the type and with the parents that the request names.</param>
    /// <param name="context">The attributes of the context that were unknown, those that are there.</param>
    /// <exception cref="ArgumentException">The resource, or the context, is none of those that the request speaks of.</exception>
    public bool Evaluate(Entity resource, RecordValue? context = null)
    {
        var answer = Authorize(resource, context);
        return answer.Allowed && !answer.Errors.Any(static e => e.Effect == Effect.Forbid);
    }

    /// <summary>Decides about a resource with these attributes, to which no attribute of this or another entity refers.</summary>
    /// <exception cref="InvalidOperationException"><see cref="DependsOnIdentity"/>.</exception>
    public bool Evaluate(RecordValue attributes) => DependsOnIdentity
        ? throw new InvalidOperationException("The residual depends on the id or the tags of the resource: give the entity.")
        : Evaluate(new Entity(new EntityUid(_request.Resource.Type, Nameless)) { Attributes = attributes, Parents = _request.Resource.Parents });

    /// <summary>Cedar's own answer about one resource: that of <see cref="PolicySet.Evaluate(Request, Entities)"/>, but that errors name the policy's position.</summary>
    /// <inheritdoc cref="Evaluate(Entity, RecordValue?)"/>
    public Authorization Authorize(Entity resource, RecordValue? context = null)
    {
        var evaluator = EvaluatorFor(resource, context);
        var satisfied = new List<Policy>();
        var errors = new List<PolicyEvaluationError>();
        foreach (var policy in Policies)
        {
            switch (evaluator.Test(policy.Test))
            {
                case true:
                    satisfied.Add(policy.Policy);
                    break;
                case null:
                    errors.Add(new PolicyEvaluationError(policy.Policy.Id, policy.Policy.Effect, evaluator.Failure!, policy.Policy.Position));
                    break;
            }
        }

        var effect = satisfied.Exists(static p => p.Effect == Effect.Forbid) ? Effect.Forbid : Effect.Permit;
        return new Authorization
        {
            Allowed = effect == Effect.Permit && satisfied.Count > 0,
            Determining = [.. satisfied.Where(p => p.Effect == effect).Select(static p => p.Id)],
            Errors = errors,
        };
    }

    /// <summary>
    /// Canonical: the same residual has the same text. <c>true</c> or <c>false</c> where it is decided; else the policies that are left, in Cedar
    /// syntax, a line each. Reading them, and evaluating them for a resource, gives the same decision. Not longer than <see cref="CedarLimits.ResidualTextLength"/>.
    /// </summary>
    public override string ToString() => _text;

    internal static ResidualResult Of(PolicySet set, PartialRequest request, Entities entities)
    {
        foreach (var name in request.UnknownContext)
        {
            if (request.Context.Has(name))
                throw new ArgumentException($"The attribute {StringLiteral.Quote(name)} of the context is said to be unknown, and given.", nameof(request));
        }

        try
        {
            return Reduce(set, request, entities);
        }
        catch (InsufficientExecutionStackException)
        {
            // Who asks has used up most of the stack: nothing may be answered with half a residual.
            return new ResidualResult.TooLarge();
        }
    }

    private static ResidualResult Reduce(PolicySet set, PartialRequest request, Entities entities)
    {
        var reducer = new Reducer(request, entities);
        var policies = new List<ResidualPolicy>();
        foreach (var policy in set.Policies)
        {
            var condition = reducer.Reduce(policy);
            if (condition is not ResidualExpression.Literal { Value: BoolValue { Value: false } })
                policies.Add(new ResidualPolicy(policy, condition));
        }

        var truth = new Truth();
        var permitted = Truth.Any(policies.Where(static p => p.Policy.Effect == Effect.Permit).Select(p => truth.Of(p.Condition, true)));
        var allowed = Truth.All([permitted, .. policies.Where(static p => p.Policy.Effect == Effect.Forbid).Select(p => truth.Of(p.Condition, false))]);
        var text = allowed is ResidualExpression.Literal decided ? decided.ToString() : Text(policies, permitted);
        return text is null ? new ResidualResult.TooLarge() : new ResidualResult.Reduced(new Residual(request, entities, policies, allowed, text));
    }

    /// <summary>Null if it is too long. Policies that make no difference are left out.</summary>
    private static string? Text(IReadOnlyList<ResidualPolicy> policies, ResidualExpression permitted)
    {
        var text = new StringBuilder();
        var isPermitted = permitted is ResidualExpression.Literal;
        if (isPermitted)
            text.Append("permit (principal, action, resource);");

        foreach (var policy in policies)
        {
            var isPermit = policy.Policy.Effect == Effect.Permit;
            if (isPermit && (isPermitted || policy.Condition is ResidualExpression.Failure))
                continue;
            if (ExpressionText.TryWrite(policy.Test, CedarLimits.ResidualTextLength - text.Length) is not { } condition)
                return null;

            text.Append(text.Length > 0 ? "\n" : "").Append(isPermit ? "permit" : "forbid").Append(" (principal, action, resource) when { ").Append(condition).Append(" };");
            if (text.Length > CedarLimits.ResidualTextLength)
                return null;
        }

        return text.ToString();
    }

    private Evaluator EvaluatorFor(Entity resource, RecordValue? context)
    {
        if (resource.Uid.Type != _request.Resource.Type || !resource.Parents.ToHashSet().SetEquals(_request.Resource.Parents))
            throw new ArgumentException($"The resource is no {_request.Resource.Type} with the parents of the request.", nameof(resource));

        var merged = _request.Context;
        if (context is { Count: > 0 })
        {
            var attributes = new List<KeyValuePair<string, Value>>();
            for (var i = 0; i < context.Count; i++)
            {
                if (!_request.UnknownContext.Contains(context.Names[i]))
                    throw new ArgumentException($"The attribute {StringLiteral.Quote(context.Names[i])} of the context is not one of the unknown.", nameof(context));
                attributes.Add(new(context.Names[i], context.Values[i]));
            }

            for (var i = 0; i < merged.Count; i++)
                attributes.Add(new(merged.Names[i], merged.Values[i]));
            merged = RecordValue.From(attributes);
        }

        return new Evaluator(new Request(_request.Principal, _request.Action, resource.Uid, merged), _entities.With([resource]));
    }

    private bool NeedsIdentity(ResidualExpression expression) => expression switch
    {
        ResidualExpression.Unknown unknown => unknown.Which == ResidualExpression.Unknown.Part.Resource,
        ResidualExpression.Get { Target: ResidualExpression.Unknown } or ResidualExpression.Has { Target: ResidualExpression.Unknown } => false,
        ResidualExpression.Literal { Value: EntityValue entity } => entity.Uid.Type == _request.Resource.Type && _entities.Find(entity.Uid) is null,
        _ => expression.Operands.Any(NeedsIdentity),
    };
}
