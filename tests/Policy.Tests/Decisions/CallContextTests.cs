using System.Net;
using Proofgate.Cedar;
using Proofgate.Identity;
using Proofgate.Policy.Decisions;
using Proofgate.Tests.Support;

namespace Proofgate.Policy.Tests.Decisions;

public sealed class CallContextTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public void Context_LeavesOut_WhatIsNotKnown()
    {
        var context = Build(Callers.Person, new CallFacts { Label = 1 });

        Assert.Equal(["auth", "kinds", "label", "minuteOfDay", "now", "opaque", "scopes", "session", "stream", "weekday"], context.Names.ToArray());
        Assert.Equal(["bound", "method"], Record(context, "auth").Names.ToArray());
        Assert.Equal("\"jwt\"", Get(Record(context, "auth"), "method").ToString());
    }

    [Fact]
    public void Context_HasEveryFact_ThatIsKnown()
    {
        var caller = Callers.Application.With(new KeyLimits { MaxLabel = 2 }, "::ffff:192.0.2.7") with
        {
            Actors = ["agent", "inner"],
            Scopes = Callers.Set("a"),
            Purpose = "billing",
            Risk = 4,
            Acr = "urn:gold",
            AuthTime = Callers.Now.AddMinutes(-5),
            Bound = true,
        };
        var context = Build(caller, new CallFacts { Label = 3, Kinds = ["IBAN"], Opaque = true, Stream = true, DeclaredPurpose = "tests", Lineage = new LineageFacts(["orders"], Complete: false), Session = true });

        Assert.Equal("ip(\"192.0.2.7\")", Get(context, "ip").ToString());
        Assert.Equal("2", Get(context, "keyMaxLabel").ToString());
        Assert.Equal("Proofgate::Client::\"agent\"", Get(context, "actor").ToString());
        Assert.Equal("\"billing\"", Get(context, "purpose").ToString());
        Assert.Equal("\"tests\"", Get(context, "declaredPurpose").ToString());
        Assert.Equal("[Proofgate::Kind::\"IBAN\"]", Get(context, "kinds").ToString());
        Assert.Equal("3", Get(context, "label").ToString());
        Assert.Equal("4", Get(context, "risk").ToString());
        Assert.Equal("true", Get(context, "opaque").ToString());
        Assert.Equal("true", Get(context, "stream").ToString());
        Assert.Equal("true", Get(context, "session").ToString());
        Assert.Equal("false", Get(Record(context, "lineage"), "complete").ToString());
        Assert.Equal("[Proofgate::Dataset::\"orders\"]", Get(Record(context, "lineage"), "datasets").ToString());
        var auth = Record(context, "auth");
        Assert.Equal("\"apikey\"", Get(auth, "method").ToString());
        Assert.Equal("true", Get(auth, "bound").ToString());
        Assert.Equal("\"urn:gold\"", Get(auth, "acr").ToString());
        Assert.Equal(5 * 60_000, Assert.IsType<DurationValue>(Get(auth, "age")).Milliseconds);
    }

    [Theory]
    // In winter Berlin is one hour before UTC, in summer two: 2026-03-29 01:00Z is the change.
    [InlineData("2026-03-29T00:59:00Z", 0, 119)]
    [InlineData("2026-03-29T01:00:00Z", 0, 180)]
    [InlineData("2026-10-25T00:59:00Z", 0, 179)]
    [InlineData("2026-10-25T01:00:00Z", 0, 120)]
    [InlineData("2026-06-15T21:59:59Z", 1, 1439)]
    [InlineData("2026-06-15T22:00:00Z", 2, 0)]
    [InlineData("2026-01-03T23:00:00Z", 0, 0)]
    public void WeekdayAndMinute_AreThoseOfTheBundlesZone_AcrossAChangeOfTheClock(string now, long weekday, long minute)
    {
        var at = DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture);
        var context = CallContext.Build(Callers.Person, new CallFacts { Label = 0 }, Berlin, at);

        Assert.Equal(weekday, Assert.IsType<LongValue>(Get(context, "weekday")).Value);
        Assert.Equal(minute, Assert.IsType<LongValue>(Get(context, "minuteOfDay")).Value);
        Assert.Equal(at.ToUnixTimeMilliseconds(), Assert.IsType<DatetimeValue>(Get(context, "now")).Milliseconds);
    }

    [Fact]
    public void Address_ThatIsUnknown_IsNoAddress() =>
        Assert.False(Build(Callers.Person with { Address = null }, new CallFacts { Label = 0 }).Has("ip"));

    [Fact]
    public void Address_OfVersion6_IsKept() =>
        Assert.True(Assert.IsType<IpValue>(Get(Build(Callers.Person with { Address = IPAddress.IPv6Loopback }, new CallFacts { Label = 0 }), "ip")).IsV6);

    private static RecordValue Build(Caller caller, CallFacts facts) => CallContext.Build(caller, facts, TimeZoneInfo.Utc, Callers.Now);

    private static Value Get(RecordValue record, string name)
    {
        Assert.True(record.TryGet(name, out var value), name);
        return value!;
    }

    private static RecordValue Record(RecordValue record, string name) => Assert.IsType<RecordValue>(Get(record, name));
}
