using System.Buffers;
using System.Net;
using System.Text;
using CsCheck;
using Proofgate.Identity;
using Proofgate.Tests.Support;
using Files = Proofgate.Tests.Support.Bundles;

namespace Proofgate.Policy.Tests.Decisions;

/// <summary>ledger.md: from the canonical request and the bundle the decision can be made again.</summary>
public sealed class CanonicalRequestTests
{
    private static readonly PolicyBundle Bundle = Files.Of(
        """
        @id("role") permit (principal in Proofgate::Role::"developer", action, resource);
        @id("agents") permit (principal is Proofgate::Client, action, resource) when { principal.tenant == Proofgate::Tenant::"contoso" };
        @id("hours") forbid (principal, action, resource) when { context.weekday == 0 || context.minuteOfDay < 60 };
        @id("label") forbid (principal, action in [Proofgate::Action::"infer", Proofgate::Action::"disclose"], resource) when { resource is Proofgate::Model && context.label > resource.maxLabel };
        @id("net") forbid (principal, action, resource) when { context has ip && context.ip.isInRange(ip("10.0.0.0/8")) };
        @id("kinds") forbid (principal, action, resource) when { context.kinds.contains(Proofgate::Kind::"US_SSN") };
        @id("old") forbid (principal, action, resource) when { context.auth has age && context.auth.age > duration("1h") };
        @id("purpose") forbid (principal, action, resource) when { context has purpose && context.purpose like "*\"*" };
        @id("errs") forbid (principal, action, resource) when { context has declaredPurpose && context.declaredPurpose == "x" && context.label + 9223372036854775807 > 0 };
        """,
        """{ "name": "test", "timeZone": "Europe/Berlin" }""");

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.OneOf("alice", "svc-shop", "a\"b", "naïve\n", "😀", "\u2028", "developer", "contoso", "x", "agent"), Gen.String[Gen.Char.AlphaNumeric, 1, 12]);

    private static readonly Gen<KeyLimits?> AnyLimits =
        from limited in Gen.Bool
        from actions in Gen.OneOf("infer", "reveal", "query").HashSet[0, 2]
        from models in Gen.OneOf("m\"1", "other").HashSet[0, 2]
        from networks in Gen.OneOf("10.0.0.0/8", "192.0.2.0/24", "2001:db8::/32").HashSet[0, 2]
        from max in Gen.OneOf<long?>(null, 1, 9)
        select limited
            ? new KeyLimits { Actions = actions, Models = models, Networks = [.. networks.Select(IPNetwork.Parse)], MaxLabel = max }
            : null;

    private static readonly Gen<Caller> AnyCaller =
        from kind in Gen.Enum<SubjectKind>()
        from subject in Text
        from tenant in Gen.OneOf(Gen.Const("contoso"), Text)
        from roles in Text.HashSet[0, 4]
        from groups in Text.HashSet[0, 3]
        from actors in Text.Array[0, 3]
        from scopes in Text.HashSet[0, 3]
        from clearance in Gen.Long[0, 5]
        from address in Gen.OneOf<string?>(null, "10.1.2.3", "192.0.2.1", "2001:db8::1", "::ffff:10.0.0.1")
        from purpose in Gen.OneOf(Gen.Const((string?)null), Text.Select(static t => (string?)t))
        from age in Gen.OneOf<int?>(null, 0, 3599, 3601)
        from limits in AnyLimits
        select Callers.Person with
        {
            Kind = kind,
            Subject = subject,
            Tenant = tenant,
            Roles = roles,
            Groups = groups,
            Actors = actors,
            Scopes = scopes,
            Clearance = clearance,
            Address = address is null ? null : IPAddress.Parse(address),
            Purpose = purpose,
            AuthTime = age is { } s ? Callers.Now.AddSeconds(-s) : null,
            Limits = limits,
        };

    private static readonly Gen<CallFacts> AnyFacts =
        from label in Gen.Long[0, 4]
        from kinds in Gen.OneOf("US_SSN", "IBAN", "EMAIL_ADDRESS").HashSet[0, 3]
        from opaque in Gen.Bool
        from stream in Gen.Bool
        from declared in Gen.OneOf<string?>(null, "x", "y")
        select new CallFacts { Label = label, Kinds = kinds, Opaque = opaque, Stream = stream, DeclaredPurpose = declared };

    [Fact]
    public void Request_GivesTheSameDecision_WhenItIsWrittenReadAndEvaluatedAgain()
    {
        var cases =
            from caller in AnyCaller
            from facts in AnyFacts
            from minutes in Gen.Int[0, 60 * 24 * 14]
            select (caller, facts, minutes);
        var outcomes = new HashSet<bool>();
        cases.Sample(
            sample =>
            {
                var model = Vocabulary.Model("m\"1", "openai", "eu", 2, external: true);
                var inquiry = new Inquiry(Bundle, sample.caller, Callers.Now.AddMinutes(sample.minutes));
                var decision = inquiry.Decide(Vocabulary.Infer, model, sample.facts);
                lock (outcomes)
                {
                    outcomes.Add(decision.Allowed);
                }

                var written = new ArrayBufferWriter<byte>();
                inquiry.WriteCanonical(Vocabulary.Infer, model, sample.facts, written);
                Assert.True(RecordedRequest.TryParse(written.WrittenMemory, out var recorded));
                AssertSame(decision, recorded.Decide(Bundle));
                foreach (var action in new[] { Vocabulary.Disclose, Vocabulary.Reveal })
                {
                    AssertSame(inquiry.Ask(action, "IBAN", model, sample.facts), recorded.Ask(Bundle, action, "IBAN"));
                }
            },
            iter: 3000);
        Assert.Equal(2, outcomes.Count);
    }

    [Fact]
    public void Request_HasTheSameBytes_WhateverTheOrderOfRolesAndKinds()
    {
        static byte[] Write(string[] roles, string[] kinds)
        {
            var output = new ArrayBufferWriter<byte>();
            new Inquiry(Bundle, Callers.Person with { Roles = Callers.Set(roles) }, Callers.Now).WriteCanonical(
                Vocabulary.Infer, Vocabulary.Model("m", "p", "r", 1, false), new CallFacts { Label = 0, Kinds = kinds }, output);
            return output.WrittenSpan.ToArray();
        }

        Assert.Equal(Encoding.UTF8.GetString(Write(["a", "b"], ["X", "Y"])), Encoding.UTF8.GetString(Write(["b", "a"], ["Y", "X"])));
    }

    [Fact]
    public void Request_AnswersForEachEntry_WhenItIsOfAListing()
    {
        var (mine, other) = (Vocabulary.Model("mine", "p", "r", 1, false), Vocabulary.Model("other", "p", "r", 1, false));
        var inquiry = new Inquiry(
            Files.Of("""@id("mine") permit (principal, action, resource == Proofgate::Model::"mine");"""), Callers.Application, Callers.Now);
        var written = new ArrayBufferWriter<byte>();
        inquiry.WriteCanonical(Vocabulary.Infer, Vocabulary.AuditLog("contoso"), new CallFacts { Label = 0 }, written, [mine, other]);

        Assert.True(RecordedRequest.TryParse(written.WrittenMemory, out var recorded));
        Assert.True(recorded.DecideEntry(inquiry.Bundle, Vocabulary.Infer, "mine").Allowed);
        Assert.False(recorded.DecideEntry(inquiry.Bundle, Vocabulary.Infer, "other").Allowed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"entities":[],"requests":[]}""")]
    [InlineData("""{"entities":[],"requests":[{"principal":1}]}""")]
    [InlineData("""{"entities":{},"requests":[{"action":{"id":"a","type":"A"},"context":{},"principal":{"id":"a","type":"A"},"resource":{"id":"a","type":"A"}}]}""")]
    [InlineData("""{"entities":[],"limits":{"x":1},"requests":[{"action":{"id":"a","type":"A"},"context":{},"principal":{"id":"a","type":"A"},"resource":{"id":"a","type":"A"}}]}""")]
    [InlineData("""{"entities":[],"limits":{"networks":["x"]},"requests":[{"action":{"id":"a","type":"A"},"context":{},"principal":{"id":"a","type":"A"},"resource":{"id":"a","type":"A"}}]}""")]
    [InlineData("""{"\ud800":1,"a":2}""")]
    public void Request_IsNotRead_WhenItIsNotOne(string json) => Assert.False(RecordedRequest.TryParse(Encoding.UTF8.GetBytes(json), out _));

    private static void AssertSame(Decision first, Decision again) => Assert.Equal(
        (first.Allowed, string.Join(',', first.Policies), string.Join(',', first.Errors), first.Reason, first.PolicyDigest),
        (again.Allowed, string.Join(',', again.Policies), string.Join(',', again.Errors), again.Reason, again.PolicyDigest));
}
