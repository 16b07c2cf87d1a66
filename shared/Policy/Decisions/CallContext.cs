using Proofgate.Cedar;
using Proofgate.Identity;

namespace Proofgate.Policy.Decisions;

/// <summary>Builds Cedar's <c>context</c> from verified facts. An absent fact is an absent attribute: policies test it with <c>has</c>.</summary>
internal static class CallContext
{
    internal static RecordValue Build(
        Caller caller, CallFacts facts, TimeZoneInfo zone, DateTimeOffset now, params ReadOnlySpan<(string Name, Value Value)> more)
    {
        var local = TimeZoneInfo.ConvertTime(now, zone);
        var attributes = new List<KeyValuePair<string, Value>>(16)
        {
            new("auth", Authentication(caller, now)),
            new("scopes", SetValue.From(caller.Scopes)),
            new("now", DatetimeValue.From(now)),
            new("weekday", (long)local.DayOfWeek),
            new("minuteOfDay", (local.Hour * 60L) + local.Minute),
            new("label", facts.Label),
            new("kinds", SetValue.From(facts.Kinds.Select(Vocabulary.KindId))),
            new("opaque", facts.Opaque),
            new("session", facts.Session),
            new("stream", facts.Stream),
        };
        AddIf(attributes, "keyMaxLabel", caller.Limits?.MaxLabel is { } max ? (Value)max : null);
        AddIf(attributes, "actor", caller.Actors.Count > 0 ? (Value)Vocabulary.ClientId(caller.Actors[0]) : null);
        AddIf(attributes, "ip", caller.Address is { } address ? IpValue.From(address) : null);
        AddIf(attributes, "purpose", caller.Purpose is { } purpose ? (Value)purpose : null);
        AddIf(attributes, "risk", caller.Risk is { } risk ? (Value)risk : null);
        AddIf(attributes, "declaredPurpose", facts.DeclaredPurpose is { } declared ? (Value)declared : null);
        AddIf(attributes, "arguments", facts.Arguments);
        AddIf(attributes, "lineage", facts.Lineage is { } lineage ? Lineage(lineage.Datasets, lineage.Complete) : null);
        foreach (var (name, value) in more)
        {
            attributes.Add(new(name, value));
        }

        return RecordValue.From(attributes);
    }

    /// <summary>A context of the form that <see cref="Build"/> makes, with every attribute or with none that may be absent.</summary>
    internal static RecordValue Example(bool whole, params ReadOnlySpan<(string Name, Value Value)> more)
    {
        var now = DatetimeValue.From(DateTimeOffset.UnixEpoch);
        var auth = new List<(string Name, Value Value)> { ("method", "jwt"), ("bound", false) };
        var attributes = new List<(string Name, Value Value)>
        {
            ("scopes", SetValue.From(["scope"])), ("now", now), ("weekday", 0L), ("minuteOfDay", 0L), ("label", 0L),
            ("kinds", SetValue.From([Vocabulary.KindId("KIND")])), ("opaque", false), ("session", false), ("stream", false),
        };
        if (whole)
        {
            auth.AddRange([("acr", "acr"), ("age", DurationValue.From(TimeSpan.Zero))]);
            attributes.AddRange(
            [
                ("keyMaxLabel", 0L), ("actor", Vocabulary.ClientId("client")), ("ip", IpValue.From(System.Net.IPAddress.Loopback)),
                ("purpose", "purpose"), ("declaredPurpose", "purpose"), ("risk", 0L),
                ("lineage", Lineage(["dataset"], complete: true)),
            ]);
        }

        attributes.Add(("auth", RecordValue.Of([.. auth])));
        attributes.AddRange(more);
        return RecordValue.Of([.. attributes]);
    }

    private static RecordValue Lineage(IEnumerable<string> datasets, bool complete) =>
        RecordValue.Of(("complete", complete), ("datasets", SetValue.From(datasets.Select(Vocabulary.DatasetId))));

    private static RecordValue Authentication(Caller caller, DateTimeOffset now)
    {
        var attributes = new List<KeyValuePair<string, Value>>(4)
        {
            new("method", caller.Method == AuthenticationMethod.ApiKey ? "apikey" : "jwt"),
            new("bound", caller.Bound),
        };
        AddIf(attributes, "acr", caller.Acr is { } acr ? (Value)acr : null);
        AddIf(attributes, "age", caller.AuthTime is { } since ? DurationValue.From(now - since) : null);
        return RecordValue.From(attributes);
    }

    private static void AddIf(List<KeyValuePair<string, Value>> attributes, string name, Value? value)
    {
        if (value is not null)
        {
            attributes.Add(new(name, value));
        }
    }
}
