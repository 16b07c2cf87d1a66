using System.Text;
using System.Text.Json;
using CsCheck;
using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Sealing;
using Proofgate.Audit.Tests.Doubles;

namespace Proofgate.Audit.Tests.Events;

public sealed class CanonicalEventTests
{
    private static readonly SourceId Source = new(UInt128.One << 100);

    /// <summary>These bytes are schema version 1. A ledger is never rewritten, so this test may gain cases and lose none.</summary>
    [Fact]
    public void Decision_HasTheseBytes_InVersion1()
    {
        var decision = Sample.Decision(7) with
        {
            TraceId = "0af7651916cd43dd8448eb211c80319c",
            Decision = Sample.Decision(7).Decision with
            {
                Questions = [new QuestionRecord("reveal", "Proofgate::Kind::\"EMAIL\"", false, ["p2"])],
                Kinds = new Dictionary<string, long> { ["PHONE"] = 1, ["EMAIL"] = 2 },
                Datasets = ["orders"],
                Residuals = new Dictionary<string, string> { ["orders"] = "row.region == \"EU\"" },
                Entities = new EntitySliceReference("00", 9000),
            },
        };
        var body = Sample.Encode(Source, 2, MerkleHash.OfLeaf([]), decision, new SealedPart("l.g", [1, 2, 3], [4, 5]));
        Assert.Equal(
            """{"v":1,"id":"00000007-0000-7000-8000-000000000001","src":"00000010000000000000000000000000","n":2,"prev":"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d","time":"2026-11-23T20:50:43.123000Z","kind":"decision","corr":null,"trace":"0af7651916cd43dd8448eb211c80319c","request":{"route":"/v1/chat/completions","method":"POST","dialect":"openai.chat","auth":"apikey","bound":false,"key":"abcd1234","tenant":"acme","stream":false,"bytes":null,"digest":null,"model":null},"decision":{"allowed":true,"action":"infer","resource":"Proofgate::Model::\"sample\"","policy":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","policies":["permit-all"],"errors":[],"questions":[{"action":"reveal","resource":"Proofgate::Kind::\"EMAIL\"","allowed":false,"policies":["p2"]}],"label":1,"kinds":{"EMAIL":2,"PHONE":1},"datasets":["orders"],"opaque":false,"residuals":{"orders":"row.region == \"EU\""},"entities":{"digest":"00","bytes":9000}},"sealed":{"key":"l.g","iv":"AQID","data":"BAU"}}""",
            Encoding.UTF8.GetString(body));
    }

    [Fact]
    public void Decision_WithLineage_HasItBehindTheDatasets_InVersion1()
    {
        var decision = Sample.Decision(7);
        var told = decision with { Decision = decision.Decision with { Lineage = ["00000003-0000-7000-8000-000000000001"], Session = "ab01" } };
        Assert.Equal(
            Encoding.UTF8.GetString(Sample.Encode(Source, 1, null, decision)).Replace(
                "\"opaque\":", "\"lineage\":[\"00000003-0000-7000-8000-000000000001\"],\"session\":\"ab01\",\"opaque\":", StringComparison.Ordinal),
            Encoding.UTF8.GetString(Sample.Encode(Source, 1, null, told)));
    }

    public static TheoryData<string, AuditEvent> Others => new()
    {
        { """outcome","corr":"00000001-0000-7000-8000-000000000001","trace":null,"result":"completed","status":200,"inputTokens":null,"outputTokens":null,"bytes":2,"events":0,"redactions":{},"rules":null,"digest":null,"firstByteUs":null,"durationUs":12000,"finish":null,"target":null,"rows":null,"attempts":null,"sealed":null}""", Sample.Outcome(2, Sample.Id(1)) },
        { """outcome","corr":"00000001-0000-7000-8000-000000000001","trace":null,"result":"completed","status":200,"inputTokens":null,"outputTokens":null,"bytes":2,"events":0,"redactions":{},"restored":{"IBAN":1,"IP_ADDRESS":2},"rules":null,"digest":null,"firstByteUs":null,"durationUs":12000,"finish":null,"target":null,"rows":null,"attempts":null,"sealed":null}""", Sample.Outcome(2, Sample.Id(1)) with { Restored = new Dictionary<string, long> { ["IP_ADDRESS"] = 2, ["IBAN"] = 1 } } },
        { """refusal","corr":null,"trace":null,"request":{"route":"/x","method":"GET","dialect":null,"auth":null,"bound":false,"key":null,"tenant":null,"stream":false,"bytes":null,"digest":null,"model":{"name":null,"length":5,"digest":"ff"}},"status":401,"reason":"invalid_api_key","decision":null,"sealed":null}""", new RefusalEvent { Id = Sample.Id(3), Time = Sample.Time, Request = new RequestRecord { Route = "/x", Method = "GET", Model = new ClientName(null, 5, "ff") }, Status = 401, Reason = "invalid_api_key" } },
        { """refusals","corr":null,"trace":null,"reason":"r","count":5,"dropped":1,"from":"2026-11-23T20:50:36.123000Z","until":"2026-11-23T20:51:36.123000Z","sealed":null}""", new RefusalsEvent { Id = Sample.Id(4), Time = Sample.Time, Reason = "r", Count = 5, Dropped = 1, From = Sample.Time, Until = Sample.Time.AddMinutes(1) } },
        { """source","corr":null,"trace":null,"act":"open","key":"AAAA","follows":[{"src":"00000010000000000000000000000000","n":4}],"sealed":null}""", new SourceEvent { Id = Sample.Id(5), Time = Sample.Time, Act = "open", Key = "AAAA", Follows = [new RetiredSource(Source, 4)] } },
        { """key","corr":null,"trace":null,"act":"created","key":"k","tenant":"t","by":"system","sealed":null}""", new KeyEvent { Id = Sample.Id(6), Time = Sample.Time, Act = "created", KeyId = "k", Tenant = "t", By = "system" } },
        { """policy","corr":null,"trace":null,"act":"activated","digest":"d","previous":null,"sealed":null}""", new PolicyEvent { Id = Sample.Id(7), Time = Sample.Time, Act = "activated", Digest = "d" } },
        { """deny","corr":null,"trace":null,"act":"added","type":"subject","digest":"d","until":null,"by":"k","sealed":null}""", new DenyEvent { Id = Sample.Id(8), Time = Sample.Time, Act = "added", Type = "subject", Digest = "d", By = "k" } },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Event_HasTheseBytesAndReadsBack_InVersion1(string tail, AuditEvent auditEvent)
    {
        var body = Sample.Encode(Source, 1, null, auditEvent);
        Assert.EndsWith("\"kind\":\"" + tail, Encoding.UTF8.GetString(body), StringComparison.Ordinal);
        var read = EventReader.Read(body, out var problem);
        Assert.Null(problem);
        Assert.Equal(body, Sample.Encode(read!.Source, read.Number, read.Previous, read.Event, read.Personal));
    }

    [Fact]
    public void Event_ReadsBackToTheSameBytes_WhateverItsTextsAre() =>
        Gen.Select(Gen.String, Gen.String, Gen.Long, Gen.Dictionary(Gen.String, Gen.Long)[0, 4]).Sample((text, other, number, counts) =>
        {
            var decision = Sample.Decision(1);
            decision = decision with { Decision = decision.Decision with { Resource = text, Policies = [other, text], Label = number, Kinds = counts, Placeholders = counts, Grounds = counts.Count > 1 ? [other, text] : [], Lineage = [.. counts.Keys], Session = counts.Count == 0 ? null : other } };
            var body = Sample.Encode(Source, 1, null, decision);
            var read = EventReader.Read(body, out _);
            // Text that is no Unicode is replaced, and two names may then be one: such an event is refused by the strict reader.
            return read is null || Sample.Encode(Source, 1, null, read.Event).AsSpan().SequenceEqual(body);
        });

    [Fact]
    public void Reader_Refuses_WhateverIsNotVersion1()
    {
        var good = Encoding.UTF8.GetString(Sample.Encode(Source, 1, null, Sample.Outcome(1)));
        Assert.NotNull(EventReader.Read(Encoding.UTF8.GetBytes(good), out _));
        // What stands there only where there is some.
        var decided = Encoding.UTF8.GetString(Sample.Encode(Source, 1, null, Sample.Decision(1)));
        Assert.NotNull(EventReader.Read(Encoding.UTF8.GetBytes(decided), out _));
        Assert.DoesNotContain("\"lineage\"", decided, StringComparison.Ordinal);
        Assert.DoesNotContain("\"session\"", decided, StringComparison.Ordinal);
        Assert.All(
            new[] { "\"lineage\":[],", "\"session\":null,", "\"session\":\"a\",\"lineage\":[\"b\"]," },
            more => Assert.Null(EventReader.Read(Encoding.UTF8.GetBytes(decided.Replace("\"opaque\":", more + "\"opaque\":", StringComparison.Ordinal)), out _)));
        Assert.Null(EventReader.Read(Encoding.UTF8.GetBytes(good.Replace("\"redactions\":{},", "\"redactions\":{},\"restored\":{},", StringComparison.Ordinal)), out _));
        string[] bad =
        [
            good.Replace("\"v\":1", "\"v\":2", StringComparison.Ordinal),
            good.Replace("\"n\":1", "\"n\":0", StringComparison.Ordinal),
            good.Replace("\"n\":1", "\"n\":01", StringComparison.Ordinal),
            good.Replace("\"kind\":\"outcome\"", "\"kind\":\"gap\"", StringComparison.Ordinal),
            good.Replace("\"kind\":\"outcome\"", "\"kind\":\"unknown\"", StringComparison.Ordinal),
            good.Replace("\"trace\":null", "\"trace\":\"0AF7651916CD43DD8448EB211C80319C\"", StringComparison.Ordinal),
            good.Replace("\"bytes\":1,\"events\":0", "\"events\":0,\"bytes\":1", StringComparison.Ordinal),
            good.Replace(",\"rows\":null", "", StringComparison.Ordinal),
            good.Replace("\"rows\":null", "\"rows\":null,\"more\":1", StringComparison.Ordinal),
            good + " {}",
            good[..^1],
            " " + good,
            good.Replace("\"status\":200", "\"status\": 200", StringComparison.Ordinal),
            good.Replace("\"status\":200", "\"status\":0200", StringComparison.Ordinal),
            good.Replace("\"status\":200", "\"status\":+200", StringComparison.Ordinal),
            good.Replace("\"status\":200", "\"status\":-0", StringComparison.Ordinal),
            good.Replace("\"status\":200", "\"status\":2e2", StringComparison.Ordinal),
            good.Replace("\"status\":200", "\"status\":9223372036854775808", StringComparison.Ordinal),
            good.Replace("\"status\":200,", "\"status\":200", StringComparison.Ordinal),
            good.Replace("\"status\":200,", "\"status\":200,,", StringComparison.Ordinal),
            good.Replace("\"result\":\"", "\"result\":\"\u0001", StringComparison.Ordinal),
            good.Replace("\"result\":\"", "\"result\":\"\\x", StringComparison.Ordinal),
            good.Replace("\"result\":\"", "\"result\":\"\\ud800", StringComparison.Ordinal),
            good.Replace("\"result\"", "\"r\\u0065sult\"", StringComparison.Ordinal),
            good.Replace("\"rows\":null", "\"rows\":nul", StringComparison.Ordinal),
            .. Enumerable.Range(0, good.Length).Select(i => good[..i]),
        ];
        Assert.All(bad.Take(25), b => Assert.NotEqual(good, b));
        Assert.All(bad, b => Assert.Null(EventReader.Read(Encoding.UTF8.GetBytes(b), out _)));
    }

    [Fact]
    public void TraceId_IsLeftOut_IfItIsNotOne()
    {
        var body = Sample.Encode(Source, 1, null, Sample.Outcome(1) with { TraceId = "my password is hunter2, 32 chars" });
        Assert.DoesNotContain("hunter2", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
    }

    [Fact]
    public void EveryMember_IsWritten_OfEveryRecord()
    {
        // A new member that nobody writes would be lost for ever: count them against the bytes.
        // Some are written only where there is something to say.
        var some = new Dictionary<string, long> { ["IBAN"] = 1 };
        var decision = Sample.Decision(1);
        using var json = JsonDocument.Parse(Sample.Encode(Source, 1, null, decision with { Decision = decision.Decision with { Placeholders = some, Grounds = ["a"], Lineage = ["x"], Session = "ab" } }));
        Assert.Equal(typeof(RequestRecord).GetProperties().Length, json.RootElement.GetProperty("request").EnumerateObject().Count());
        Assert.Equal(typeof(DecisionRecord).GetProperties().Length, json.RootElement.GetProperty("decision").EnumerateObject().Count());
        using var outcome = JsonDocument.Parse(Sample.Encode(Source, 1, null, Sample.Outcome(1) with { Restored = some }));
        var common = typeof(AuditEvent).GetProperties().Length;
        Assert.Equal(typeof(OutcomeEvent).GetProperties().Length - common + 10, outcome.RootElement.EnumerateObject().Count());
    }
}
