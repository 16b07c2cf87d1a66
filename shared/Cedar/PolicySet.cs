using System.Buffers;
using System.Numerics;
using Proofgate.Cedar.Evaluation;
using Proofgate.Cedar.Scopes;
using Proofgate.Cedar.Syntax;

namespace Proofgate.Cedar;

/// <summary>Policies, read once and indexed by their scopes. Immutable and safe to share between threads.</summary>
public sealed partial class PolicySet
{
    // Candidates of this many policies fit on the stack: twice 64 x 256 bits.
    private const int StackWords = 256;

    // Making one for each request would be half of the memory that an answer takes.
    [ThreadStatic]
    private static Evaluator? _spare;

    private readonly Policy[] _policies;
    private readonly ScopeIndex _principals;
    private readonly ScopeIndex _actions;
    private readonly ScopeIndex _resources;

    private PolicySet(IReadOnlyCollection<Policy> policies)
    {
        _policies = [.. policies.Where(policy => !policy.IsTemplate)];
        Policies = Array.AsReadOnly(_policies);
        Templates = [.. policies.Where(policy => policy.IsTemplate)];
        _principals = new ScopeIndex(_policies, policy => policy.Principal);
        _actions = new ScopeIndex(_policies, policy => policy.Action);
        _resources = new ScopeIndex(_policies, policy => policy.Resource);
    }

    /// <summary>No policies: denies everything.</summary>
    public static PolicySet Empty { get; } = new([]);

    /// <summary>In the order of the text.</summary>
    public IReadOnlyList<Policy> Policies { get; }

    /// <summary>Policies with a slot. They decide nothing until they are linked.</summary>
    public IReadOnlyList<Policy> Templates { get; }

    /// <summary>Reads policies in Cedar syntax.</summary>
    /// <param name="text">At most <see cref="CedarLimits.PolicyTextLength"/> characters.</param>
    /// <param name="fileName">For errors and <see cref="Policy.FileName"/>.</param>
    /// <param name="naming">Where ids come from.</param>
    public static PolicySetResult Parse(string text, string? fileName = null, PolicyNaming naming = PolicyNaming.ByOrder)
    {
        ArgumentNullException.ThrowIfNull(text);
        var errors = new List<CedarError>();
        var policies = Parser.ParsePolicies(text, fileName, naming, errors);
        return Build(policies, errors);
    }

    /// <summary>Joins sets, for example those of several files. An id that occurs twice is an error.</summary>
    public static PolicySetResult Merge(IEnumerable<PolicySet> sets) =>
        Build([.. sets.SelectMany(set => set.Policies.Concat(set.Templates))], []);

    /// <summary>The policies of this set that <paramref name="keep"/> names, in their order.</summary>
    public PolicySet Where(Func<Policy, bool> keep) => new([.. Policies.Where(keep), .. Templates.Where(keep)]);

    /// <summary>These policies and one more for each link, in that order. All links or none.</summary>
    /// <returns>Failed if there is no such template, a slot has no value, a value has no slot, or an id occurs twice. At most <see cref="CedarLimits.Errors"/> errors.</returns>
    public LinkResult Link(params IEnumerable<TemplateLink> links)
    {
        var errors = new List<CedarError>();
        var all = new List<Policy>(Policies.Concat(Templates));
        var templates = Templates.ToDictionary(template => template.Id);
        foreach (var link in links)
        {
            var policy = TryLink(link, templates.GetValueOrDefault(link.TemplateId), out var error);
            if (policy is not null)
                all.Add(policy);
            else if (errors.Count < CedarLimits.Errors)
                errors.Add(new CedarError(error!));
        }

        return Build(all, errors) switch
        {
            PolicySetResult.Parsed built => new LinkResult.Linked(built.Policies),
            PolicySetResult.Failed failed => new LinkResult.Failed(failed.Errors),
            _ => throw new InvalidOperationException("The result has two cases."),
        };
    }

    /// <summary>Answers a request. Evaluates only policies whose scope fits, each of them, so that all errors and all reasons are known.</summary>
    public Authorization Evaluate(Request request, Entities entities)
    {
        var words = Posting.Words(_policies.Length);
        if (words <= StackWords)
            return Evaluate(request, entities, stackalloc ulong[words], stackalloc ulong[words]);

        var rented = ArrayPool<ulong>.Shared.Rent(2 * words);
        try
        {
            return Evaluate(request, entities, rented.AsSpan(0, words), rented.AsSpan(words, words));
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(rented);
        }
    }

    private Authorization Evaluate(Request request, Entities entities, Span<ulong> candidates, Span<ulong> scratch)
    {
        _actions.Match(request.Action, entities, candidates);
        _principals.Match(request.Principal, entities, scratch);
        Intersect(candidates, scratch);
        _resources.Match(request.Resource, entities, scratch);
        Intersect(candidates, scratch);

        var evaluator = _spare ?? new Evaluator();
        _spare = null;
        evaluator.Start(request, entities);
        try
        {
            return Evaluate(evaluator, candidates);
        }
        finally
        {
            // A request is not kept alive by the thread that answered it.
            evaluator.Start(null, null);
            _spare = evaluator;
        }
    }

    /// <summary>Tests the candidates. Bits of those that are not satisfied are cleared.</summary>
    private Authorization Evaluate(Evaluator evaluator, Span<ulong> candidates)
    {
        var (permits, forbids) = (0, 0);
        List<PolicyEvaluationError>? errors = null;
        for (var word = 0; word < candidates.Length; word++)
        {
            for (var bits = candidates[word]; bits != 0; bits &= bits - 1)
            {
                var bit = BitOperations.TrailingZeroCount(bits);
                var policy = _policies[(word * Posting.WordBits) + bit];
                var holds = policy.Test(evaluator);
                if (holds is true && policy.Effect == Effect.Permit)
                    permits++;
                else if (holds is true)
                    forbids++;
                else
                    candidates[word] &= ~(1UL << bit);

                if (holds is null)
                    (errors ??= []).Add(new PolicyEvaluationError(policy.Id, policy.Effect, evaluator.Failure ?? "", evaluator.FailedAt));
            }
        }

        if (permits == 0 && forbids == 0 && errors is null)
            return Authorization.DeniedByDefault;

        return new Authorization
        {
            Allowed = forbids == 0 && permits > 0,
            Determining = forbids > 0 ? Ids(candidates, Effect.Forbid, forbids) : Ids(candidates, Effect.Permit, permits),
            Errors = (IReadOnlyList<PolicyEvaluationError>?)errors ?? [],
        };
    }

    private string[] Ids(ReadOnlySpan<ulong> satisfied, Effect effect, int count)
    {
        var ids = count == 0 ? [] : new string[count];
        var found = 0;
        for (var word = 0; found < count; word++)
        {
            for (var bits = satisfied[word]; bits != 0; bits &= bits - 1)
            {
                var policy = _policies[(word * Posting.WordBits) + BitOperations.TrailingZeroCount(bits)];
                if (policy.Effect == effect)
                    ids[found++] = policy.Id;
            }
        }

        return ids;
    }

    private static void Intersect(Span<ulong> candidates, ReadOnlySpan<ulong> other)
    {
        for (var i = 0; i < candidates.Length; i++)
            candidates[i] &= other[i];
    }

    /// <summary>Policies and templates of any origin.</summary>
    internal static PolicySetResult Of(List<Policy> policies) => Build(policies, []);

    internal static Policy? TryLink(TemplateLink link, Policy? template, out string? error)
    {
        if (template is not null)
            return template.TryLink(link, out error);

        error = $"there is no template {StringLiteral.Quote(link.TemplateId)}";
        return null;
    }

    private static PolicySetResult Build(List<Policy> policies, List<CedarError> errors)
    {
        if (policies.Count > CedarLimits.Policies)
            errors.Add(new CedarError($"there are {policies.Count} policies, more than {CedarLimits.Policies}"));

        var seen = new Dictionary<string, Policy>(policies.Count);
        foreach (var policy in policies)
        {
            if (!seen.TryAdd(policy.Id, policy) && errors.Count < CedarLimits.Errors)
                errors.Add(Duplicate(policy, seen[policy.Id]));
        }

        return errors.Count == 0
            ? new PolicySetResult.Parsed(new PolicySet(policies))
            : new PolicySetResult.Failed(errors);
    }

    private static CedarError Duplicate(Policy policy, Policy first) => new($"the policy id {StringLiteral.Quote(policy.Id)} occurs twice")
    {
        FileName = policy.FileName,
        Position = policy.Position,
        Hint = first.Link is not null ? "first in a link" : first.FileName is null ? $"first at {first.Position}" : $"first at {first.FileName}:{first.Position}",
    };
}
