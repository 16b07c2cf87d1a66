using Microsoft.Extensions.Logging;
using Proofgate.Audit;
using Proofgate.Cedar;
using Proofgate.Enforcement.Limits;
using Proofgate.Enforcement.Provenance;
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
    Admission admission, Sessions sessions, Authorizer authorizer, CallRecorder recorder, IRevocationSignal revocations, OutcomeRecorder outcomes, TimeProvider time,
    ILogger<Pipeline> log, IGroundingSource? source = null, IRecogniser? recogniser = null)
{
    /// <summary>Of the rows that a prompt stands on, as dialects estimate what was said.</summary>
    private const int CharactersOfAToken = 3;

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

            // What its session has seen comes with the call.
            (preparation.Session, var unopened) = await sessions.OpenAsync(call, cancellationToken);
            if (unopened is not null)
            {
                return await RefuseAsync<TCall>(call, unopened, null);
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

            // The session has seen what this call is about, before anything of it is released.
            if (await sessions.RaiseAsync(preparation.Session, ruled.Call, ruled.Judgement.Facts.Label, cancellationToken) is { } unraised)
            {
                return await RefuseAsync<TCall>(call, unraised, null);
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
            if ((ruled.Refusal ?? await sessions.RaiseAsync(preparation.Session, call, ruled.Judgement.Facts.Label, cancellationToken)) is { } refusal)
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
            var (session, unopened) = await sessions.OpenAsync(call, cancellationToken);
            if (unopened is not null)
            {
                return await RefuseAsync<TCall>(call, unopened, null);
            }

            var origin = new Origin(call, session);
            var facts = origin.Facts();
            var inquiry = authorizer.Open(call.Bundle, call.Caller);
            var judgement = new Judgement(origin, inquiry, facts, inquiry.Listing()) { IsListing = true };
            foreach (var candidate in candidates)
            {
                var answer = inquiry.Decide(call.Action, candidate, facts);
                judgement.AskedAbout(call.Action, candidate, answer);
                if (answer.Allowed)
                {
                    listed.Add(candidate.Uid);
                }
            }

            if (await sessions.RaiseAsync(session, call, facts.Label, cancellationToken) is { } unraised)
            {
                return await RefuseAsync<TCall>(call, unraised, null);
            }

            var receipt = await recorder.DecidedAsync(call, judgement, cancellationToken);
            var admitted = Admit(call, receipt, judgement, new Preparation { Session = session }, reservation, started);
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
        var origin = new Origin(call, preparation.Session);
        var inquiry = authorizer.Open(call.Bundle, call.Caller);
        var facts = origin.Facts();
        var first = inquiry.Decide(call.Action, call.Resource, facts);
        if (!first.Allowed)
        {
            return new Ruled<TCall>(call, new Judgement(origin, inquiry, facts, first), Refusals.Denied(call.Id, first));
        }

        // 6. What is it to stand on? 7. What is in it? Both are found out once.
        var authorized = new AuthorizedCall<TCall>(call, origin, inquiry, reservation);
        if (!preparation.IsDone && await PrepareAsync(authorized, preparation, facts, started, cancellationToken) is { } refused)
        {
            return new Ruled<TCall>(call, new Judgement(origin, inquiry, facts, first), refused, IsFinal: true);
        }

        // 8. The decision on what was found, and the further questions. What goes on as it is raises the label.
        var judgement = Examination.Judge(authorized, Examination.Inspect(authorized, facts, preparation));
        judgement.Grounding = preparation.Grounding;
        return new Ruled<TCall>(
            call, judgement,
            !judgement.Decision.Allowed ? Refusals.Denied(call.Id, judgement.Decision)
            : judgement.Forbidden is { Count: > 0 } kinds ? Refusals.Undisclosable(call.Id, kinds, call.Recipient)
            : judgement.RefusedTools is { Count: > 0 } tools ? Refusals.ToolsRefused(call.Id, tools)
            : !Examination.Protect(authorized, judgement, preparation.Names) ? Refusals.NoPlace(call.Id, judgement.Undisclosed)
            : !Examination.Withhold(judgement) ? Refusals.TooMuchWithheld(call.Id)
            : call.ObjectionTo(judgement.Sight(RuleSet.Default)));
    }

    private async ValueTask<Refusal?> PrepareAsync<TCall>(
        AuthorizedCall<TCall> authorized, Preparation preparation, CallFacts facts, long started, CancellationToken cancellationToken)
        where TCall : Call
    {
        (preparation.Grounding, var refused) = await GroundAsync(authorized, cancellationToken);
        if (preparation.Grounding is { } grounding)
        {
            refused = await admission.ExtendAsync(authorized.Call, authorized.Reservation, grounding.Passages.Sum(static p => (long)p.Text.Length) / CharactersOfAToken, cancellationToken);
        }

        if (refused is not null)
        {
            return refused;
        }

        if (preparation.Grounding is { Values: { Count: > 0 } values })
        {
            if (!NamedValues.None.TryJoin(values, out var known))
            {
                return Refusals.GroundingTooLarge(authorized.Call.Id);
            }

            preparation.Names = known;
        }

        if (recogniser?.PlanOf(authorized.Call.Bundle) is { } plan && ((plan.Prompts && authorized.Call.HasAnswer) || (plan.Answers && authorized.Call.AnswersInText)))
        {
            (preparation.Recognition, refused) = await OpenRecogniserAsync(
                authorized, recogniser, plan, Examination.Inspect(authorized, facts, preparation).Facts, started, cancellationToken);
            if (refused is not null)
            {
                return refused;
            }

            var recognition = preparation.Recognition!;
            if (plan.Prompts)
            {
                var texts = authorized.Call.PromptTexts().Select(t => preparation.Names?.Blank(t, k => !recognition.Shows(k)) ?? t);
                if (!(await recognition.NamesInAsync([.. texts], cancellationToken)).TryJoin(preparation.Grounding?.Values ?? [], out var names))
                {
                    return Refusals.GroundingTooLarge(authorized.Call.Id);
                }

                preparation.Names = names;
            }
        }

        preparation.IsDone = true;
        return null;
    }

    /// <summary>
    /// Decides, and has it acknowledged, whether texts of the call may go to the recogniser that the bundle names, and which kinds may go there as they are.
    /// </summary>
    private async ValueTask<(Recognition?, Refusal?)> OpenRecogniserAsync<TCall>(
        AuthorizedCall<TCall> authorized, IRecogniser recogniser, RecogniserPlan plan, CallFacts facts, long started, CancellationToken cancellationToken)
        where TCall : Call
    {
        var call = authorized.Call;
        var asked = Examination.Raised(call, facts, facts.Kinds) with { Kinds = [] };
        var judgement = new Judgement(authorized.Origin, authorized.Inquiry, asked, authorized.Inquiry.Decide(Vocabulary.Disclose, plan.Entity, asked));
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
            && judgement.Ways.All(w => inquiry.Ask(Examination.ActionOf(w.Value), w.Key.Name, call.Resource, judgement.Facts).Allowed) ? again.ValidUntil : null;
    }

    private async ValueTask<Ruling<TCall>> RefuseAsync<TCall>(TCall call, Refusal refusal, Judgement? judgement)
        where TCall : Call => new Ruling<TCall>.Refused(await recorder.RefusedAsync(call, refusal, judgement));

    /// <param name="Call">What was decided.</param>
    /// <param name="Judgement">What policy said.</param>
    /// <param name="Refusal">Null where the call is allowed.</param>
    /// <param name="IsFinal">Whether it is refused whatever other ways there are.</param>
    private readonly record struct Ruled<TCall>(TCall Call, Judgement Judgement, Refusal? Refusal, bool IsFinal = false);
}
