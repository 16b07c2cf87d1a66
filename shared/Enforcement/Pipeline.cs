using Microsoft.Extensions.Logging;
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
    Admission admission, Authorizer authorizer, CallRecorder recorder, IRevocationSignal revocations, OutcomeRecorder outcomes, TimeProvider time,
    ILogger<Pipeline> log, IGroundingSource? source = null, IRecogniser? recogniser = null)
{
    /// <summary>What a caller may see of a kind, the most first.</summary>
    private static readonly (EntityUid Action, RedactionWay Way)[] Sights =
    [
        (Vocabulary.Reveal, RedactionWay.Reveal), (Vocabulary.RevealPartial, RedactionWay.Partial), (Vocabulary.RevealPseudonym, RedactionWay.Pseudonym),
    ];

    /// <summary>Decides one call. Whoever gets an admitted call must dispose it.</summary>
    public ValueTask<Ruling<TCall>> AdmitAsync<TCall>(TCall call, CancellationToken cancellationToken)
        where TCall : Call => AdmitAsync(call, [], cancellationToken);

    /// <summary>
    /// Decides one call that can be executed in several ways, each a resource of its own to policy: admits the first that policy allows, and where it allows none
    /// refuses the first. What the call costs is reserved once.
    /// </summary>
    public async ValueTask<Ruling<TCall>> AdmitAsync<TCall>(TCall call, IReadOnlyList<TCall> otherwise, CancellationToken cancellationToken)
        where TCall : Call
    {
        var started = time.GetTimestamp();
        using var span = Measures.Spans.StartActivity("proofgate.decide");
        var ruling = await DecideAsync(call, otherwise, started, cancellationToken);
        Measures.Decided(time.GetElapsedTime(started), ruling is Ruling<TCall>.Admitted);
        return ruling;
    }

    private async ValueTask<Ruling<TCall>> DecideAsync<TCall>(TCall call, IReadOnlyList<TCall> otherwise, long started, CancellationToken cancellationToken)
        where TCall : Call
    {
        Reservation? reservation = null;
        Preparation? preparation = new();
        try
        {
            // 4. Rate, concurrency and budget.
            (reservation, var exceeded) = await admission.ReserveAsync(call, cancellationToken);
            if (reservation is null)
            {
                return await RefuseAsync<TCall>(call, exceeded!, null);
            }

            // 5 to 8. What policy says.
            var ruled = await DecideAsync(call, reservation, preparation, started, cancellationToken);
            if (ruled.Refusal is { } refusal)
            {
                var refused = ruled.Judgement;
                foreach (var other in ruled.IsFinal ? [] : otherwise)
                {
                    ruled = await DecideAsync(other, reservation, preparation, started, cancellationToken);
                    if (ruled.IsFinal)
                    {
                        return await RefuseAsync<TCall>(other, ruled.Refusal!, ruled.Judgement);
                    }

                    if (ruled.Refusal is null)
                    {
                        break;
                    }
                }

                if (ruled.Refusal is not null)
                {
                    return await RefuseAsync<TCall>(call, refusal, refused);
                }
            }

            // 9. Durable before anything is asked of anybody.
            var receipt = await recorder.DecidedAsync(ruled.Call, ruled.Judgement, cancellationToken);
            var admitted = Admit(ruled.Call, receipt, ruled.Judgement, preparation, reservation, started);
            (reservation, preparation) = (null, null);
            return new Ruling<TCall>.Admitted(admitted);
        }
        catch (RecogniserUnavailableException)
        {
            return await RefuseAsync<TCall>(call, Refusals.RecogniserUnavailable(call.Id), null);
        }
        catch (AuditUnavailableException)
        {
            return new Ruling<TCall>.Refused(recorder.Unrecorded(call, Refusals.AuditUnavailable(call.Id)));
        }
        finally
        {
            reservation?.Dispose();
            if (preparation is not null)
            {
                await preparation.DisposeAsync();
            }
        }
    }

    /// <summary>
    /// Decides a call anew that is to be executed in another way, because the first gave no answer: with a decision of its own, durable before that other way is
    /// asked. What the first holds goes over to it, and the first ends with <paramref name="ended"/>. A refusal is not recorded: it refuses nobody
    /// anything, and the first call goes on and ends as it would have.
    /// </summary>
    public async ValueTask<Ruling<TCall>> AdmitInsteadAsync<TCall>(AdmittedCall<TCall> first, CallOutcome ended, TCall call, CancellationToken cancellationToken)
        where TCall : Call
    {
        var reservation = first.Reservation;
        try
        {
            var preparation = first.Prepared ?? new Preparation();
            var ruled = await DecideAsync(call, reservation, preparation, first.Started, cancellationToken);
            if (ruled.Refusal is { } refusal)
            {
                return new Ruling<TCall>.Refused(refusal);
            }

            var receipt = await recorder.DecidedAsync(call, ruled.Judgement, cancellationToken);
            var admitted = Admit(call, receipt, ruled.Judgement, preparation, first.HandOver(), first.Started);
            first.HandOverPreparation();
            try
            {
                await first.CompleteAsync(ended);
                await first.DisposeAsync();
            }
            catch
            {
                await admitted.DisposeAsync();
                throw;
            }

            return new Ruling<TCall>.Admitted(admitted);
        }
        catch (AuditUnavailableException)
        {
            return new Ruling<TCall>.Refused(recorder.Unrecorded(call, Refusals.AuditUnavailable(call.Id)));
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
            var admitted = Admit(call, receipt, judgement, null, reservation, started);
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

    /// <summary>Steps 5 to 8: may this caller do this at all, what does it stand on, what is in it, and may it on what was found?</summary>
    private async ValueTask<Ruled<TCall>> DecideAsync<TCall>(
        TCall call, Reservation reservation, Preparation preparation, long started, CancellationToken cancellationToken)
        where TCall : Call
    {
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
            return new Ruled<TCall>(call, new Judgement(inquiry, facts, first), Refusals.Denied(call.Id, first));
        }

        // 6. What is it to stand on? 7. What is in it? Both are found out once.
        var authorized = new AuthorizedCall<TCall>(call, inquiry, reservation);
        if (!preparation.IsDone && await PrepareAsync(authorized, preparation, facts, started, cancellationToken) is { } refused)
        {
            return new Ruled<TCall>(call, new Judgement(inquiry, facts, first), refused, IsFinal: true);
        }

        // 8. The decision on what was found, and the further questions. What goes on as it is raises the label.
        var judgement = Judge(authorized, Inspect(authorized, facts, preparation));
        judgement.Grounding = preparation.Grounding;
        return new Ruled<TCall>(
            call, judgement,
            !judgement.Decision.Allowed ? Refusals.Denied(call.Id, judgement.Decision)
            : judgement.Forbidden is { Count: > 0 } kinds ? Refusals.Undisclosable(call.Id, kinds, call.Recipient)
            : judgement.RefusedTools is { Count: > 0 } tools ? Refusals.ToolsRefused(call.Id, tools)
            : !Protect(authorized, judgement, preparation.Names) ? Refusals.NoPlace(call.Id, judgement.Undisclosed)
            : !Withhold(judgement) ? Refusals.TooMuchWithheld(call.Id)
            : call.ObjectionTo(judgement.Sight(RuleSet.Default)));
    }

    private async ValueTask<Refusal?> PrepareAsync<TCall>(
        AuthorizedCall<TCall> authorized, Preparation preparation, CallFacts facts, long started, CancellationToken cancellationToken)
        where TCall : Call
    {
        (preparation.Grounding, var refused) = await GroundAsync(authorized, cancellationToken);
        if (refused is not null)
        {
            return refused;
        }

        if (recogniser?.PlanOf(authorized.Call.Bundle) is { } plan && ((plan.Prompts && authorized.Call.HasAnswer) || (plan.Answers && authorized.Call.AnswersInText)))
        {
            (preparation.Recognition, refused) = await OpenRecogniserAsync(
                authorized, recogniser, plan, Inspect(authorized, facts, preparation).Facts, started, cancellationToken);
            if (refused is not null)
            {
                return refused;
            }

            preparation.Names = plan.Prompts ? await preparation.Recognition!.NamesInAsync(authorized.Call.PromptTexts(), cancellationToken) : null;
        }

        preparation.IsDone = true;
        return null;
    }

    private static Inspected Inspect<TCall>(AuthorizedCall<TCall> authorized, CallFacts facts, Preparation preparation)
        where TCall : Call
    {
        var found = new KindCounts();
        authorized.Call.InspectPrompt(RuleSet.Default, found);
        foreach (var kind in preparation.Names?.Kinds ?? Enumerable.Empty<Kind>())
        {
            found.Add(kind);
        }

        return new Inspected(
            facts with { Label = Math.Max(Math.Max(facts.Label, authorized.Call.AnswerLabel), preparation.Grounding?.Label ?? 0), Kinds = [.. found.Select(static k => k.Key)] }, found, preparation.Recognition?.Plan);
    }

    private static Judgement Judge<TCall>(AuthorizedCall<TCall> authorized, Inspected inspected)
        where TCall : Call
    {
        var (call, inquiry) = (authorized.Call, authorized.Inquiry);
        var (asked, readable) = WithColumns(authorized, inspected.Facts);

        // What may not go at the label that all of it would give the call, does not go as it is. The call is decided at the label of what does.
        var highest = Raised(call, asked, asked.Kinds);
        var answers = asked.Kinds.ToDictionary(static k => k, k => inquiry.Ask(Vocabulary.Disclose, k, call.Resource, highest));
        var facts = Raised(call, asked, asked.Kinds.Where(k => answers[k].Allowed));
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
            var answer = facts.Label == highest.Label ? answers[kind] : inquiry.Ask(Vocabulary.Disclose, kind, call.Resource, facts);
            judgement.AskedToDisclose(kind, answer, goes: answers[kind].Allowed);
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

        foreach (var kind in call.HasAnswer ? inspected.MoreKinds : [])
        {
            judgement.Asked(Vocabulary.Reveal, kind.Name, inquiry.Ask(Vocabulary.Reveal, kind.Name, call.Resource, facts));
        }

        return judgement;
    }

    /// <summary>
    /// Decides, and has it acknowledged, whether texts of the call may go to the recogniser that the bundle names, and which kinds may go there as they are.
    /// </summary>
    private async ValueTask<(Recognition?, Refusal?)> OpenRecogniserAsync<TCall>(
        AuthorizedCall<TCall> authorized, IRecogniser recogniser, RecogniserPlan plan, CallFacts facts, long started, CancellationToken cancellationToken)
        where TCall : Call
    {
        var call = authorized.Call;
        var asked = Raised(call, facts, facts.Kinds) with { Kinds = [] };
        var judgement = new Judgement(authorized.Inquiry, asked, authorized.Inquiry.Decide(Vocabulary.Disclose, plan.Entity, asked));
        if (!judgement.Decision.Allowed)
        {
            return (null, Refusals.RecogniserNotPermitted(call.Id, plan.Name, judgement.Decision.Reason));
        }

        foreach (var kind in RuleSet.Default.Kinds)
        {
            judgement.AskedToShow(kind, authorized.Inquiry.Ask(Vocabulary.Disclose, kind.Name, plan.Entity, asked));
        }

        var part = new RecognitionCall
        {
            Id = AuditId.New(time),
            Caller = call.Caller,
            Bundle = call.Bundle,
            Request = call.Request,
            Action = Vocabulary.Disclose,
            Resource = plan.Entity,
            TraceId = call.TraceId,
            Plan = plan,
        };
        var receipt = await recorder.DecidedAsync(part, judgement, cancellationToken);
        var standing = new Standing(
            revocations.Watch(call.Caller), judgement.Decision.ValidUntil,
            () => authorizer.Open(call.Bundle, call.Caller).Decide(Vocabulary.Disclose, plan.Entity, asked) is { Allowed: true } again ? again.ValidUntil : null, time);
        return (new Recognition(recogniser, new AdmittedCall<RecognitionCall>(
            part, receipt, asked.Label, judgement.Sight(RuleSet.Default), null, new Reservation(), outcomes, recorder.StartDigest(part), standing, started), log), null);
    }

    private async ValueTask<(Grounding? Grounding, Refusal? Refusal)> GroundAsync<TCall>(AuthorizedCall<TCall> authorized, CancellationToken cancellationToken)
        where TCall : Call
    {
        var call = authorized.Call;
        if (call.Grounding.Count == 0)
        {
            return (null, null);
        }

        return source is null ? (null, Refusals.NoGrounding(call.Id)) : await source.FetchAsync(call, authorized.Inquiry, cancellationToken) switch
        {
            GroundingResult.Refused refused => (null, refused.Refusal),
            GroundingResult.Fetched fetched when call.PlaceGrounding(fetched.Grounding.Passages) => (fetched.Grounding, null),
            _ => (null, Refusals.GroundingTooLarge(call.Id)),
        };
    }

    /// <summary>
    /// Keeps from the answer what the model is given by a source and the caller may not see: what the source names, and what the passages hold of kinds that go
    /// to the model as they are and of which the caller sees nothing. A rule that needs words beside a value would not find it where the answer says it without them.
    /// </summary>
    private static bool Withhold(Judgement judgement)
    {
        if (judgement.Grounding is not { } grounding)
        {
            return true;
        }

        var withheld = new HashSet<string>(grounding.Withheld, StringComparer.Ordinal);
        var hidden = judgement.Facts.Kinds.Except(judgement.Undisclosed).Select(static k => new Kind(k))
            .Where(k => !judgement.Ways.ContainsKey(k)).ToHashSet();
        foreach (var passage in grounding.Passages)
        {
            Inspector.Collect(RuleSet.Default, hidden, passage.Text, withheld);
        }

        judgement.Placeholders?.Withhold(withheld);
        if (!ExactValues.TryCreate(withheld, out var values))
        {
            return false;
        }

        judgement.Withheld = values;
        return true;
    }

    private static CallFacts Raised(Call call, CallFacts facts, IEnumerable<string> kinds) => facts with
    {
        Label = kinds.Aggregate(facts.Label, (label, kind) => call.Bundle.KindLabels.TryGetValue(kind, out var raised) ? Math.Max(label, raised) : label),
    };

    /// <summary>Replaces what may not go as it is, and asks where it may come back. False if something of it cannot be replaced.</summary>
    private static bool Protect<TCall>(AuthorizedCall<TCall> authorized, Judgement judgement, NamedValues? names)
        where TCall : Call
    {
        if (judgement.Undisclosed.Count == 0)
        {
            return true;
        }

        var call = authorized.Call;
        var map = new PlaceholderMap(RuleSet.Default, judgement.Undisclosed.Select(static k => new Kind(k)).ToHashSet(), call.AnswersInText, names);
        if (!call.ProtectPrompt(map))
        {
            judgement.NoPlace = true;
            return false;
        }

        judgement.Placeholders = map;
        foreach (var tool in call.AnswersInText ? call.ClientTools : [])
        {
            var answer = authorized.Inquiry.Decide(Vocabulary.UseTool, tool, judgement.Facts);
            judgement.AskedOfClient(tool, answer);
            foreach (var kind in answer.Allowed ? map.Kinds.Where(k => judgement.Ways.GetValueOrDefault(k) == RedactionWay.Reveal) : [])
            {
                judgement.AskedToGive(kind, tool, authorized.Inquiry.Ask(Vocabulary.Disclose, kind.Name, tool, judgement.Facts));
            }
        }

        return true;
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

    private AdmittedCall<TCall> Admit<TCall>(
        TCall call, AuditReceipt receipt, Judgement judgement, Preparation? preparation, Reservation reservation, long started)
        where TCall : Call => new(
            call, receipt, judgement.Facts.Label, judgement.Sight(RuleSet.Default), preparation, reservation, outcomes, recorder.StartDigest(call),
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
            && judgement.Given.All(g => inquiry.Decide(Vocabulary.UseTool, g.Tool, judgement.Facts).Allowed
                && g.Kinds.All(k => inquiry.Ask(Vocabulary.Disclose, k.Name, g.Tool, judgement.Facts).Allowed))
            && judgement.Ways.All(w => inquiry.Ask(ActionOf(w.Value), w.Key.Name, call.Resource, judgement.Facts).Allowed) ? again.ValidUntil : null;

        static EntityUid ActionOf(RedactionWay way) => Array.Find(Sights, s => s.Way == way).Action;
    }

    private async ValueTask<Ruling<TCall>> RefuseAsync<TCall>(TCall call, Refusal refusal, Judgement? judgement)
        where TCall : Call => new Ruling<TCall>.Refused(await recorder.RefusedAsync(call, refusal, judgement));

    /// <param name="Facts">With the kinds that were found.</param>
    /// <param name="Found">How often.</param>
    /// <param name="Recogniser">Which was asked; null where none was.</param>
    private readonly record struct Inspected(CallFacts Facts, KindCounts Found, RecogniserPlan? Recogniser)
    {
        /// <summary>Kinds that rules do not find.</summary>
        internal IEnumerable<Kind> MoreKinds => Recogniser?.Kinds.Except(RuleSet.Default.Kinds) ?? [];
    }

    /// <param name="Call">What was decided.</param>
    /// <param name="Judgement">What policy said.</param>
    /// <param name="Refusal">Null where the call is allowed.</param>
    /// <param name="IsFinal">Whether it is refused whatever other ways there are.</param>
    private readonly record struct Ruled<TCall>(TCall Call, Judgement Judgement, Refusal? Refusal, bool IsFinal = false);
}
