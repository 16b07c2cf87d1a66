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
    private readonly DateTimeOffset _until;
    private SourceView? _view;

    internal Inquiry(PolicyBundle bundle, Caller caller, DateTimeOffset now)
    {
        (_bundle, _caller, _now) = (bundle, caller, now);
        _principals = Principal.Of(caller);
        _until = caller.Expires - now < bundle.DecisionLifetime ? caller.Expires : now + bundle.DecisionLifetime;
    }

    public PolicyBundle Bundle => _bundle;

    /// <summary>May the caller, and everybody who acts for the caller, do this? Limits of the key itself come first.</summary>
    public Decision Decide(EntityUid action, Entity resource, CallFacts facts)
    {
        if (KeyLimitRules.Check(_caller.Limits, action, resource.Uid, facts.Label, _caller.Address) is { } limit)
        {
            return KeyLimitRules.Refuse(limit, _bundle, _until);
        }

        var entities = _principals.Select(p => p.Entities.With([resource])).ToList();
        var decision = Judge(action, resource.Uid, entities, Context(_caller, facts));
        return decision.Allowed ? decision : decision with { StepUp = StepUpFor(decision, action, resource.Uid, entities, facts) };
    }

    /// <summary>
    /// Which rows of a dataset may the caller, and everybody who acts for the caller, read? Asked of all rows at once, before any is fetched. A key's limits
    /// were asked with the dataset.
    /// </summary>
    public RowScope Rows(Entity dataset, CallFacts facts) =>
        RowScope.Of(_bundle, [.. _principals.Select(p => (p.Uid, p.Entities.With([dataset])))], dataset.Uid, Context(_caller, facts));

    /// <summary>The decision under which a listing is made: it always happens, and each entry has a decision of its own.</summary>
    public Decision Listing() => new()
    {
        Allowed = true,
        Policies = [],
        Errors = [],
        Reason = string.Empty,
        ValidUntil = _until,
        PolicyDigest = _bundle.Digest,
    };

    /// <summary>
    /// A further question about a kind of sensitive data: <c>disclose</c>, or one of the ways to <c>reveal</c>, with the data's destination or source.
    /// </summary>
    public Decision Ask(EntityUid action, string kind, Entity about, CallFacts facts) => action == Vocabulary.Disclose
        ? Decide(action, about, facts with { Kinds = [kind] })
        : DecideKind(action, kind, about, facts);

    /// <summary>
    /// Writes the canonical request of the decision: the exact question, from which it can be decided again. A listing adds the entries that it asked
    /// about.
    /// </summary>
    public void WriteCanonical(EntityUid action, Entity resource, CallFacts facts, IBufferWriter<byte> output, IEnumerable<Entity>? entries = null) =>
        CanonicalRequest.Write(
            _principals.Select(static p => p.Self).Append(resource).Concat(entries ?? []).DistinctBy(static e => e.Uid),
            LimitsRecord.Of(_caller.Limits), Requests(action, resource.Uid, Context(_caller, facts)), output);

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
        return Judge(action, resource, entities, Context(stronger, facts)).Allowed ? stepUp : null;
    }

    /// <summary>The same source is asked about once for each kind: its context and entities are made once.</summary>
    private Decision DecideKind(EntityUid action, string kind, Entity source, CallFacts facts)
    {
        if (_view is not { } view || !ReferenceEquals(view.Facts, facts) || !ReferenceEquals(view.Source, source))
        {
            _view = view = new SourceView(
                facts, source, CallContext.Build(_caller, facts, _bundle.TimeZone, _now, (Vocabulary.SourceAttribute(source.Uid), source.Uid)),
                [.. _principals.Select(p => p.Entities.With([source]))]);
        }

        return Judge(action, Vocabulary.KindId(kind), view.Entities, view.Context);
    }

    private Decision Judge(EntityUid action, EntityUid resource, IReadOnlyList<Entities> entities, RecordValue context) =>
        Jury.Judge(_bundle, Requests(action, resource, context), entities, _until);

    private Request[] Requests(EntityUid action, EntityUid resource, RecordValue context)
    {
        var requests = new Request[_principals.Count];
        for (var i = 0; i < requests.Length; i++)
        {
            requests[i] = new Request(_principals[i].Uid, action, resource, context);
        }

        return requests;
    }

    private RecordValue Context(Caller caller, CallFacts facts) => CallContext.Build(caller, facts, _bundle.TimeZone, _now);

    /// <summary>What the questions about one source have in common. A kind has no attributes: it needs no entity of its own.</summary>
    private sealed record SourceView(CallFacts Facts, Entity Source, RecordValue Context, IReadOnlyList<Entities> Entities);
}
