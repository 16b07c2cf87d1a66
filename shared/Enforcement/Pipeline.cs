using Proofgate.Audit;
using Proofgate.Cedar;
using Proofgate.Enforcement.Limits;
using Proofgate.Enforcement.Recording;
using Proofgate.Identity;
using Proofgate.Policy;
using Proofgate.Protection;

namespace Proofgate.Enforcement;

/// <summary>
/// Steps 4 to 9 of a call's path (DESIGN.md): reserve, decide, inspect, decide on what was found, make the decision durable. Each step
/// needs the type that the one before it makes, so none can be left out.
/// </summary>
public sealed class Pipeline(
    Admission admission, Authorizer authorizer, CallRecorder recorder, IRevocationSignal revocations, OutcomeRecorder outcomes, TimeProvider time)
{
    /// <summary>What a caller may see of a kind, the most first.</summary>
    private static readonly (EntityUid Action, RedactionWay Way)[] Sights =
    [
        (Vocabulary.Reveal, RedactionWay.Reveal), (Vocabulary.RevealPartial, RedactionWay.Partial), (Vocabulary.RevealPseudonym, RedactionWay.Pseudonym),
    ];

    /// <summary>Decides one call. Whoever gets an admitted call must dispose it.</summary>
    public async ValueTask<Ruling<TCall>> AdmitAsync<TCall>(TCall call, CancellationToken cancellationToken)
        where TCall : Call
    {
        var started = time.GetTimestamp();
        Reservation? reservation = null;
        try
        {
            // 4. Rate, concurrency and budget.
            (reservation, var exceeded) = await admission.ReserveAsync(call, cancellationToken);
            if (reservation is null)
            {
                return await RefuseAsync<TCall>(call, exceeded!, null);
            }

            // 5. May this caller do this at all?
            var inquiry = authorizer.Open(call.Bundle, call.Caller);
            var facts = new CallFacts
            {
                Label = call.DeclaredLabel,
                Opaque = call.Opaque,
                Stream = call.Stream,
                DeclaredPurpose = call.DeclaredPurpose,
                Arguments = call.PolicyArguments,
            };
            var first = inquiry.Decide(call.Action, call.Resource, facts);
            if (!first.Allowed)
            {
                return await RefuseAsync<TCall>(call, Refusals.Denied(call.Id, first), new Judgement(inquiry, facts, first));
            }

            // 7. What is in it? Kinds raise the label.
            var authorized = new AuthorizedCall<TCall>(call, inquiry, reservation);
            var inspected = Inspect(authorized, facts);

            // 8. The decision on what was found, and the further questions.
            var judgement = Judge(authorized, inspected);
            if (!judgement.Decision.Allowed)
            {
                return await RefuseAsync<TCall>(call, Refusals.Denied(call.Id, judgement.Decision), judgement);
            }

            if (judgement.Undisclosed is { Count: > 0 } kinds)
            {
                return await RefuseAsync<TCall>(call, Refusals.Undisclosable(call.Id, kinds, call.Recipient), judgement);
            }

            if (judgement.RefusedTools is { Count: > 0 } tools)
            {
                return await RefuseAsync<TCall>(call, Refusals.ToolsRefused(call.Id, tools), judgement);
            }

            var sight = judgement.Sight(RuleSet.Default);
            if (call.ObjectionTo(sight) is { } objection)
            {
                return await RefuseAsync<TCall>(call, objection, judgement);
            }

            // 9. Durable before anything is asked of anybody.
            var receipt = await recorder.DecidedAsync(call, judgement, cancellationToken);
            var admitted = Admit(call, receipt, judgement, sight, reservation, started);
            reservation = null;
            return new Ruling<TCall>.Admitted(admitted);
        }
        catch (AuditUnavailableException)
        {
            return new Ruling<TCall>.Refused(recorder.Unrecorded(call, Refusals.AuditUnavailable(call.Id)));
        }
        finally
        {
            reservation?.Dispose();
        }
    }

    /// <summary>Decides which of the candidates a caller may see listed; what may not be used is not named.</summary>
    public async ValueTask<Ruling<TCall>> ListAsync<TCall>(TCall call, IReadOnlyList<Entity> candidates, ICollection<EntityUid> listed, CancellationToken cancellationToken)
        where TCall : Call
    {
        var started = time.GetTimestamp();
        var (reservation, exceeded) = await admission.ReserveAsync(call, cancellationToken);
        if (reservation is null)
        {
            return await RefuseAsync<TCall>(call, exceeded!, null);
        }

        try
        {
            var facts = new CallFacts { Label = call.DeclaredLabel };
            var inquiry = authorizer.Open(call.Bundle, call.Caller);
            var judgement = new Judgement(inquiry, facts, inquiry.Listing()) { IsListing = true };
            foreach (var candidate in candidates)
            {
                var answer = inquiry.Decide(call.Action, candidate, facts);
                judgement.AskedAbout(call.Action, candidate, answer);
                if (answer.Allowed)
                {
                    listed.Add(candidate.Uid);
                }
            }

            var receipt = await recorder.DecidedAsync(call, judgement, cancellationToken);
            var admitted = Admit(call, receipt, judgement, judgement.Sight(RuleSet.Default), reservation, started);
            reservation = null;
            return new Ruling<TCall>.Admitted(admitted);
        }
        catch (AuditUnavailableException)
        {
            return new Ruling<TCall>.Refused(recorder.Unrecorded(call, Refusals.AuditUnavailable(call.Id)));
        }
        finally
        {
            reservation?.Dispose();
        }
    }

    private static Inspected Inspect<TCall>(AuthorizedCall<TCall> authorized, CallFacts facts)
        where TCall : Call
    {
        var found = new KindCounts();
        authorized.Call.InspectPrompt(RuleSet.Default, found);
        var label = Math.Max(facts.Label, authorized.Call.AnswerLabel);
        var kinds = new List<string>();
        foreach (var (kind, _) in found)
        {
            kinds.Add(kind);
            label = authorized.Call.Bundle.KindLabels.TryGetValue(kind, out var raised) ? Math.Max(label, raised) : label;
        }

        return new Inspected(facts with { Label = label, Kinds = kinds }, found);
    }

    private static Judgement Judge<TCall>(AuthorizedCall<TCall> authorized, Inspected inspected)
        where TCall : Call
    {
        var (call, inquiry) = (authorized.Call, authorized.Inquiry);
        var (facts, readable) = WithColumns(authorized, inspected.Facts);
        var judgement = new Judgement(inquiry, facts, inquiry.Decide(call.Action, call.Resource, facts)) { Found = inspected.Found };
        if (!judgement.Decision.Allowed)
        {
            return judgement;
        }

        foreach (var tool in call.Tools)
        {
            judgement.AskedAbout(Vocabulary.UseTool, tool, inquiry.Decide(Vocabulary.UseTool, tool, facts));
        }

        foreach (var kind in facts.Kinds)
        {
            judgement.Asked(Vocabulary.Disclose, kind, inquiry.Ask(Vocabulary.Disclose, kind, call.Resource, facts));
        }

        foreach (var column in call.Columns)
        {
            judgement.AskedAboutColumn(column, inquiry.Decide(Vocabulary.ReadColumn, column, facts), readable.Contains(column.Uid));
        }

        if (call.ReadsRows)
        {
            judgement.AskedAboutRows(call.Resource, inquiry.Rows(call.Resource, facts));
        }

        foreach (var kind in call.AnswerKinds)
        {
            AskWhatIsSeen(judgement, kind, call.Resource);
        }

        return judgement;
    }

    /// <summary>The columns that the caller may read raise the label. Those that he may not do not: what is asked for in vain must not tell that it is there.</summary>
    private static (CallFacts Facts, HashSet<EntityUid> Readable) WithColumns<TCall>(AuthorizedCall<TCall> authorized, CallFacts facts)
        where TCall : Call
    {
        var readable = new HashSet<EntityUid>();
        var label = facts.Label;
        foreach (var column in authorized.Call.Columns)
        {
            if (authorized.Inquiry.Decide(Vocabulary.ReadColumn, column, facts).Allowed)
            {
                readable.Add(column.Uid);
                label = Math.Max(label, Vocabulary.LabelOf(column));
            }
        }

        return (facts with { Label = label }, readable);
    }

    /// <summary>As it is, else its last digits, else a pseudonym: no more is asked than what the kind has and the answer before left open.</summary>
    private static void AskWhatIsSeen(Judgement judgement, Kind kind, Entity source)
    {
        foreach (var (action, way) in Sights)
        {
            if (!RuleSet.Default.Offers(kind, way))
            {
                continue;
            }

            var answer = judgement.Inquiry.Ask(action, kind.Name, source, judgement.Facts);
            judgement.Asked(action, kind.Name, answer);
            if (answer.Allowed)
            {
                return;
            }
        }
    }

    private AdmittedCall<TCall> Admit<TCall>(TCall call, AuditReceipt receipt, Judgement judgement, Sight sight, Reservation reservation, long started)
        where TCall : Call => new(
            call, receipt, judgement.Facts.Label, sight, reservation, outcomes, recorder.StartDigest(call),
            new Standing(revocations.Watch(call.Caller), judgement.Decision.ValidUntil, () => AskAgain(call, judgement), time), started);

    /// <summary>The same question at this moment, to the same bundle; null if its answer is no, or less may be seen than is being shown.</summary>
    private DateTimeOffset? AskAgain(Call call, Judgement judgement)
    {
        var inquiry = authorizer.Open(call.Bundle, call.Caller);
        var again = judgement.IsListing ? inquiry.Listing() : inquiry.Decide(call.Action, call.Resource, judgement.Facts);
        return again.Allowed
            && call.Columns.All(c => !judgement.Columns.Contains(c.Uid) || inquiry.Decide(Vocabulary.ReadColumn, c, judgement.Facts).Allowed)
            && (judgement.Rows is not { } rows || inquiry.Rows(call.Resource, judgement.Facts).ToString() == rows.ToString())
            && call.Tools.All(t => inquiry.Decide(Vocabulary.UseTool, t, judgement.Facts).Allowed)
            && judgement.Ways.All(w => inquiry.Ask(ActionOf(w.Value), w.Key.Name, call.Resource, judgement.Facts).Allowed) ? again.ValidUntil : null;

        static EntityUid ActionOf(RedactionWay way) => Array.Find(Sights, s => s.Way == way).Action;
    }

    private async ValueTask<Ruling<TCall>> RefuseAsync<TCall>(TCall call, Refusal refusal, Judgement? judgement)
        where TCall : Call => new Ruling<TCall>.Refused(await recorder.RefusedAsync(call, refusal, judgement));

    private readonly record struct Inspected(CallFacts Facts, KindCounts Found);
}
