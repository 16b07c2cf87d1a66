using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Audit.Events;
using Proofgate.Cedar;
using Proofgate.Enforcement.Limits;
using Proofgate.Enforcement.Provenance;
using Proofgate.Enforcement.Replay;
using Proofgate.Identity;
using Proofgate.Policy;
using Proofgate.Tests.Support;

namespace Proofgate.Enforcement.Tests.Provenance;

/// <summary>A session's label only rises, before anything is released, and belongs to its caller.</summary>
public sealed class SessionTests : IDisposable
{
    private const string Permit = """@id("all") permit (principal, action, resource);""";

    private readonly House _house;
    private readonly FlakySessions _store;

    public SessionTests()
    {
        _store = new FlakySessions(new MemorySessions(new FakeTimeProvider(Callers.Now)));
        _house = new House(sessions: _store);
    }

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task Label_OfACall_IsAtLeastItsSessions()
    {
        var id = await BeginAsync(label: 0);
        Assert.Equal(0, await LabelAsync(id, 0));
        Assert.Equal(2, await LabelAsync(id, 2));
        Assert.Equal(2, await LabelAsync(id, 0));
        Assert.Equal(3, await LabelAsync(id, 3));
        Assert.Equal(3, await LabelAsync(id, 1));
    }

    [Fact]
    public async Task Session_BeginsWithTheLabelOfItsFirstCall() => Assert.Equal(2, await LabelAsync(await BeginAsync(label: 2), 0));

    [Fact]
    public async Task Session_IsKept_BeforeTheDecisionIsPublished()
    {
        var id = await BeginAsync(label: 0);
        var published = -1;
        _store.Keeping = () => published = _house.Stream.Acknowledged.OfType<DecisionEvent>().Count();
        await using var admitted = await _house.AdmitAsync(Call() with { Session = SessionChoice.Of(id), DeclaredLabel = 2 });
        Assert.Equal(1, published);
        Assert.Equal(2, _house.Stream.Acknowledged.OfType<DecisionEvent>().Count());
    }

    [Fact]
    public async Task Session_IsNotMade_ForACallThatIsRefused()
    {
        await _house.RefuseAsync(Call("""@id("no") forbid (principal, action, resource);""") with { Session = SessionChoice.Of(SessionChoice.New) });
        Assert.Equal(0, _store.Kept);
    }

    [Fact]
    public async Task Session_IsNotRaised_ByACallThatIsRefused()
    {
        var id = await BeginAsync(label: 0);
        await _house.RefuseAsync(Call(Permit + """@id("low") forbid (principal, action, resource) when { context.label > 1 };""") with { Session = SessionChoice.Of(id), DeclaredLabel = 2 });
        Assert.Equal(0, await LabelAsync(id, 0));
    }

    [Theory]
    [InlineData("fabrikam", null, null)]
    [InlineData(null, "mallory", null)]
    [InlineData(null, null, "other")]
    public async Task Session_OfAnotherCaller_IsRefusedAsAnUnknownOne(string? tenant, string? subject, string? client)
    {
        var call = Call();
        var other = call.Caller with { Tenant = tenant ?? call.Caller.Tenant, Subject = subject ?? call.Caller.Subject, Client = client ?? call.Caller.Client };
        var stolen = await _house.RefuseAsync(call with { Caller = other, Session = SessionChoice.Of(await BeginAsync(label: 0)) });
        var unknown = await _house.RefuseAsync(call with { Caller = other, Session = SessionChoice.Of(SessionId.Create(Callers.Now.AddHours(1)).ToString()) });

        Assert.Equal((400, "unknown_session"), (stolen.Status, stolen.Code));
        Assert.Equal((unknown.Status, unknown.Code, unknown.Message, unknown.RetryAfter), (stolen.Status, stolen.Code, stolen.Message, stolen.RetryAfter));
        Assert.Equal(1, _store.Kept);
    }

    /// <summary>Two issuers of one tenant may each have an alice.</summary>
    [Fact]
    public async Task Session_OfTheSameSubject_OfAnotherIssuer_IsUnknown()
    {
        var person = Call() with { Caller = Callers.Person with { Issuer = "https://one.example" } };
        await using var first = await _house.AdmitAsync(person with { Session = SessionChoice.Of(SessionChoice.New) });
        var id = SessionChoice.Of(first.Session);
        await using var again = await _house.AdmitAsync(person with { Session = id });
        Assert.Equal("unknown_session", (await _house.RefuseAsync(person with { Session = id, Caller = Callers.Person with { Issuer = "https://two.example" } })).Code);
        Assert.Equal("unknown_session", (await _house.RefuseAsync(person with { Session = id, Caller = person.Caller with { Kind = SubjectKind.Client } })).Code);
    }

    [Fact]
    public async Task Sessions_InMemory_AreNoMoreThanTheirLimit()
    {
        var time = new FakeTimeProvider(Callers.Now);
        var store = new MemorySessions(time, most: 2);
        for (var i = 0; i < 2; i++)
        {
            await store.CreateAsync(new SessionKey(new DateOnly(2026, 6, 15), $"{i}"), new SessionRecord(new HashSet<string>(), Callers.Now), CancellationToken.None);
        }

        var more = new SessionKey(new DateOnly(2026, 6, 17), "more");
        await Assert.ThrowsAsync<SessionUnavailableException>(async () => await store.CreateAsync(more, new SessionRecord(new HashSet<string>(), Callers.Now), CancellationToken.None));
        time.Advance(TimeSpan.FromDays(1));
        await store.CreateAsync(more, new SessionRecord(new HashSet<string>(), Callers.Now), CancellationToken.None);
    }

    /// <summary>What an answer turns out to be can be more than what the call was: its session has that too, or nothing is released.</summary>
    [Fact]
    public async Task Session_IsRaised_ToTheLabelOfAnAnswer()
    {
        var sessions = new Sessions(Microsoft.Extensions.Options.Options.Create(new LineageOptions()), new Audit.Sealing.ContentDigester(Audit.Sealing.AuditKeys.FromMaster(new byte[32])), _house.Time, _store);
        await using var admitted = await _house.AdmitAsync(Call() with { Session = SessionChoice.Of(SessionChoice.New) });
        Assert.Null(await sessions.RaiseAsync(admitted, 2, CancellationToken.None));
        Assert.Equal(2, await LabelAsync(admitted.Session.ToString()!, 0));

        _store.Down = true;
        Assert.Equal("session_unavailable", (await sessions.RaiseAsync(admitted, 3, CancellationToken.None))!.Code);
        await using var without = await _house.AdmitAsync(Call());
        Assert.Null(await sessions.RaiseAsync(without, 3, CancellationToken.None));
    }

    [Theory]
    [InlineData("")]
    [InlineData("NEW")]
    [InlineData("pgs_")]
    [InlineData("pgs_AAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("pgs_AAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("pgs_AAAAAAAAAAAAAAAAAAAAAAA ")]
    [InlineData("pgs_AAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("pgs_AAAAAAAAAAAAAAAAAAAAAAA\u0131")]
    [InlineData("pgx_AAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("../../ProofgateKeys")]
    public async Task Session_ThatCanBeNone_IsUnknown_AndNobodyIsAsked(string id)
    {
        Assert.Equal("unknown_session", (await _house.RefuseAsync(Call() with { Session = SessionChoice.Of(id) })).Code);
        Assert.Equal(0, _store.Asked);
    }

    [Fact]
    public async Task Session_WithAnyCharacterChanged_IsUnknown()
    {
        var id = await BeginAsync(label: 0);
        for (var i = 0; i < id.Length; i++)
        {
            var other = id[..i] + (id[i] == 'A' ? 'B' : 'A') + id[(i + 1)..];
            Assert.Equal("unknown_session", (await _house.RefuseAsync(Call() with { Session = SessionChoice.Of(other) })).Code);
        }
    }

    [Fact]
    public async Task Session_Ends_AtItsTime()
    {
        var id = await BeginAsync(label: 0);
        _house.Time.Advance(new LineageOptions().SessionLifetime - TimeSpan.FromTicks(1));
        Assert.Equal(0, await LabelAsync(id, 0));
        _house.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal("unknown_session", (await _house.RefuseAsync(Call() with { Session = SessionChoice.Of(id) })).Code);
    }

    [Fact]
    public async Task Call_IsRefused_WhenTheStoreIsDown()
    {
        var id = await BeginAsync(label: 0);
        _store.Down = true;
        var decided = _house.Stream.Acknowledged.OfType<DecisionEvent>().Count();

        foreach (var session in new[] { id, SessionChoice.New })
        {
            var refusal = await _house.RefuseAsync(Call() with { Session = SessionChoice.Of(session) });
            Assert.Equal((503, "session_unavailable", true), (refusal.Status, refusal.Code, refusal.RetryAfter > TimeSpan.Zero));
        }

        // Found, and then not kept.
        _store.Down = false;
        _store.Keeping = () => _store.Down = true;
        Assert.Equal("session_unavailable", (await _house.RefuseAsync(Call() with { Session = SessionChoice.Of(id), DeclaredLabel = 2 })).Code);
        Assert.Equal(decided, _house.Stream.Acknowledged.OfType<DecisionEvent>().Count());
        await using var without = await _house.AdmitAsync(Call());
    }

    [Fact]
    public async Task Policy_SeesWhetherThereIsASession_AndTheLedgerADigestOfIt()
    {
        const string Policies = Permit + """@id("session") forbid (principal, action, resource) unless { context.session };""";
        Assert.Equal(["session"], (await _house.RefuseAsync(Call(Policies))).Decision!.Policies);
        var call = Call(Policies) with { Session = SessionChoice.Of(SessionChoice.New) };
        await using var first = await _house.AdmitAsync(call);
        await using var second = await _house.AdmitAsync(call with { Session = SessionChoice.Of(first.Session.ToString()!) });

        var decisions = _house.Stream.Acknowledged.OfType<DecisionEvent>().ToList();
        Assert.Equal(decisions[0].Decision.Session, decisions[1].Decision.Session);
        Assert.Matches("^[0-9a-f]{64}$", decisions[0].Decision.Session!);
        Assert.DoesNotContain(first.Session.ToString()!, Encoding.UTF8.GetString(decisions[0].Personal!.Json.Span), StringComparison.Ordinal);
        Assert.True(RecordedDecision.TryRead(decisions[0].Decision, decisions[0].Personal!.Json, out var read));
        Assert.Empty(read.DifferencesFrom(call.Bundle));
    }

    [Fact]
    public async Task Listing_IsOfTheSession()
    {
        var id = await BeginAsync(label: 2);
        var listed = new List<EntityUid>();
        await using var admitted = Assert.IsType<Ruling<TextCall>.Admitted>(await _house.Pipeline.ListAsync(
            Call(Permit + """@id("low") forbid (principal, action, resource) when { context.label > 1 };""") with { Session = SessionChoice.Of(id) },
            [Vocabulary.Model("one", "p", "eu", 1, false)], listed, CancellationToken.None)).Call;
        Assert.Empty(listed);
    }

    [Fact]
    public async Task Label_OfAnotherBundlesScale_IsNeverLost()
    {
        var id = await BeginAsync(label: 1);
        await using var under = await _house.AdmitAsync(TextCall.Of(Permit, manifest: """{ "name": "t", "labels": ["open", "closed", "sealed"] }""") with { Session = SessionChoice.Of(id) });
        // It does not know "internal".
        Assert.Equal(2, under.Label);
        Assert.Equal(3, await LabelAsync(id, 0));
    }

    [Fact]
    public void Record_OnlyRises_WhateverIsAddedInWhateverOrder()
    {
        var scale = new LabelScale(["a", "b", "c", "d"]);
        var names = Gen.OneOf(Gen.Int[0, 4].Select(static i => new[] { "a", "b", "c", "d", "unknown" }[i]), Gen.Int[0, 200].Select(static i => $"n{i}"));
        names.Array[1, 120].Sample(
            labels =>
            {
                var record = new SessionRecord(new HashSet<string>(), Callers.Now);
                var highest = 0L;
                foreach (var label in labels)
                {
                    record = record.With(label);
                    Assert.True(record.RankIn(scale) >= Math.Max(highest, scale.RankOrHighest(label)));
                    highest = record.RankIn(scale);
                    Assert.True(record.Labels.Count <= 65);
                }
            },
            iter: 2000);
    }

    /// <summary>Instances that know nothing of each other raise one session at the same time: it ends at the highest, and no answer was released above what it had reached.</summary>
    [Fact]
    public async Task ManyInstances_NeverLowerASession()
    {
        var shared = new MemorySessions(new FakeTimeProvider(Callers.Now));
        var houses = Enumerable.Range(0, 4).Select(_ => new House(new AdmissionOptions { RequestsPerMinute = 100_000 }, sessions: shared)).ToList();
        try
        {
            for (var round = 0; round < 20; round++)
            {
                await using var first = await houses[0].AdmitAsync(Call() with { Session = SessionChoice.Of(SessionChoice.New) });
                var (id, choice) = (first.Session!.Value, SessionChoice.Of(first.Session.ToString()!));
                await Task.WhenAll(houses.Select((house, i) => Task.Run(async () =>
                {
                    var random = new Random((round * 10) + i);
                    var before = 0L;
                    for (var n = 0; n < 20; n++)
                    {
                        await using var admitted = await house.AdmitAsync(Call() with { Session = choice, DeclaredLabel = random.Next(4) < 3 ? 0 : random.Next(4) });
                        var reached = (await shared.FindAsync(SessionKey.Of(id, Callers.Application), CancellationToken.None))!.RankIn(LabelScale.Default);
                        Assert.True(reached >= admitted.Label);
                        Assert.True(admitted.Label >= before);
                        before = reached;
                    }
                })));
            }
        }
        finally
        {
            houses.ForEach(static h => h.Dispose());
        }
    }

    private static TextCall Call(string policies = Permit) => TextCall.Of(policies);

    private async Task<string> BeginAsync(long label)
    {
        await using var admitted = await _house.AdmitAsync(Call() with { Session = SessionChoice.Of(SessionChoice.New), DeclaredLabel = label });
        return admitted.Session.ToString()!;
    }

    private async Task<long> LabelAsync(string id, long declared)
    {
        await using var admitted = await _house.AdmitAsync(Call() with { Session = SessionChoice.Of(id), DeclaredLabel = declared });
        Assert.Equal(id, admitted.Session.ToString());
        return admitted.Label;
    }
}
