using System.Buffers;
using Proofgate.Cedar;
using Proofgate.Identity;
using Proofgate.Policy.Decisions;

namespace Proofgate.Policy;

/// <summary>
/// A caller, one bundle and one moment: every question of a call is asked here, so all its answers come from the same policies, the same
/// clock and the same facts.
/// </summary>
public sealed class Inquiry
{
    private readonly PolicyBundle _bundle;
    private readonly Caller _caller;
    private readonly IReadOnlyList<Principal> _principals;
    private readonly DateTimeOffset _now;
    private SourceView? _view;

    internal Inquiry(PolicyBundle bundle, Caller caller, DateTimeOffset now)
    {
        (_bundle, _caller, _now) = (bundle, caller, now);
        _principals = Principal.Of(caller);
    }

    public PolicyBundle Bundle => _bundle;

    /// <summary>May the caller, and everybody who acts for the caller, do this? Limits of the key itself come first.</summary>
    public Decision Decide(EntityUid action, Entity resource, CallFacts facts)
    {
        if (KeyLimitRules.Check(_caller, action, resource.Uid, facts) is { } limit)
        {
            return new Decision { Allowed = false, Policies = [limit.Id], Errors = [], Reason = limit.Reason, PolicyDigest = _bundle.Digest };
        }

        var entities = _principals.Select(p => p.Entities.With([resource])).ToList();
        var decision = JudgeAll(action, resource.Uid, entities, CallContext.Build(_caller, facts, _bundle.TimeZone, _now));
        return decision.Allowed ? decision : decision with { StepUp = StepUpFor(decision, action, resource.Uid, entities, facts) };
    }

    /// <summary>
    /// H10: named only if this very call would be allowed after it, so nobody is sent to sign in again for nothing. Keys do not sign in.
    /// </summary>
    private StepUp? StepUpFor(Decision refused, EntityUid action, EntityUid resource, IReadOnlyList<Entities> entities, CallFacts facts)
    {
        if (_caller.Method != AuthenticationMethod.Jwt || _bundle.StepUpOf(refused.Policies) is not { } stepUp)
        {
            return null;
        }

        var stronger = _caller with { Acr = stepUp.Acr ?? _caller.Acr, AuthTime = stepUp.MaxAge is null ? _caller.AuthTime : _now };
        return JudgeAll(action, resource, entities, CallContext.Build(stronger, facts, _bundle.TimeZone, _now)).Allowed ? stepUp : null;
    }

    /// <summary>The decision under which a listing is made: it always happens, and each entry has a decision of its own.</summary>
    public Decision Listing() => new() { Allowed = true, Policies = [], Errors = [], Reason = string.Empty, PolicyDigest = _bundle.Digest };

    /// <summary>A further question about a kind of sensitive data: <c>reveal</c> or <c>disclose</c>, with the data's source or destination.</summary>
    public Decision Ask(EntityUid action, string kind, Entity about, CallFacts facts) => action == Vocabulary.Disclose
        ? Decide(action, about, facts with { Kinds = [kind] })
        : DecideKind(action, kind, about, facts);

    /// <summary>Writes the canonical request of the decision: the exact question, from which it can be decided again.</summary>
    public void WriteCanonical(EntityUid action, Entity resource, CallFacts facts, IBufferWriter<byte> output) =>
        CanonicalRequest.Write(_principals, action, resource, CallContext.Build(_caller, facts, _bundle.TimeZone, _now), output);

    /// <summary>The same source is asked about once for each kind: its context and entities are made once.</summary>
    private Decision DecideKind(EntityUid action, string kind, Entity source, CallFacts facts)
    {
        if (_view is not { } view || !ReferenceEquals(view.Facts, facts) || !ReferenceEquals(view.Source, source))
        {
            _view = view = new SourceView(
                facts, source, CallContext.Build(_caller, facts, _bundle.TimeZone, _now, ("source", source.Uid)),
                [.. _principals.Select(p => p.Entities.With([source]))]);
        }

        return JudgeAll(action, Vocabulary.KindId(kind), view.Entities, view.Context);
    }

    /// <summary>Asks for each principal in turn; the first who is refused explains.</summary>
    private Decision JudgeAll(EntityUid action, EntityUid resource, IReadOnlyList<Entities> entities, RecordValue context)
    {
        Decision? decision = null;
        for (var i = 0; i < _principals.Count; i++)
        {
            var answer = _bundle.Policies.Evaluate(new Request(_principals[i].Uid, action, resource, context), entities[i]);
            var next = Verdict.From(answer, _bundle);
            if (!next.Allowed)
            {
                return next;
            }

            decision = decision is null ? next : Both(decision, next);
        }

        return decision!;
    }

    private static Decision Both(Decision first, Decision second) =>
        first with { Policies = [.. first.Policies.Union(second.Policies)], Errors = [.. first.Errors.Union(second.Errors)] };

    /// <summary>What the questions about one source have in common. A kind has no attributes: it needs no entity of its own.</summary>
    private sealed record SourceView(CallFacts Facts, Entity Source, RecordValue Context, IReadOnlyList<Entities> Entities);
}
