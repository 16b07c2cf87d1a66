using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using CsCheck;
using Proofgate.Cedar;
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
        @id("label") forbid (principal, action, resource) when { context.label > resource.maxLabel };
        @id("net") forbid (principal, action, resource) when { context has ip && context.ip.isInRange(ip("10.0.0.0/8")) };
        @id("kinds") forbid (principal, action, resource) when { context.kinds.contains(Proofgate::Kind::"US_SSN") };
        @id("old") forbid (principal, action, resource) when { context.auth has age && context.auth.age > duration("1h") };
        @id("purpose") forbid (principal, action, resource) when { context has purpose && context.purpose like "*\"*" };
        @id("errs") forbid (principal, action, resource) when { context.declaredPurpose == "x" && context.stream };
        """,
        """{ "name": "test", "timeZone": "Europe/Berlin" }""");

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.OneOf("alice", "svc-shop", "a\"b", "naïve\n", "😀", "\u2028", "developer", "contoso", "x", "agent"), Gen.String[Gen.Char.AlphaNumeric, 1, 12]);

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
        from max in Gen.OneOf<long?>(null, 9)
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
            Limits = max is null ? null : new KeyLimits { MaxLabel = max },
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
                var (allowed, policies) = Again(written.WrittenMemory);
                Assert.Equal(decision.Allowed, allowed);
                Assert.Equal(decision.Policies.Order(StringComparer.Ordinal), policies.Order(StringComparer.Ordinal));
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

    /// <summary>As a verifier would: every principal's request must be allowed, a forbid that errs refuses.</summary>
    private static (bool Allowed, IEnumerable<string> Policies) Again(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var entities = Assert.IsType<EntitiesResult.Loaded>(CedarJson.ParseEntities(document.RootElement.GetProperty("entities").GetRawText())).Entities;
        var policies = new HashSet<string>();
        foreach (var element in document.RootElement.GetProperty("requests").EnumerateArray())
        {
            var request = Assert.IsType<RequestResult.Parsed>(CedarJson.ParseRequest(element.GetRawText())).Request;
            var answer = Bundle.Policies.Evaluate(request, entities);
            var broken = answer.Errors.Where(static e => e.Effect == Effect.Forbid).Select(static e => e.PolicyId).ToList();
            if (!answer.Allowed || broken.Count > 0)
            {
                return (false, answer.Allowed ? broken : answer.Determining);
            }

            policies.UnionWith(answer.Determining);
        }

        return (true, policies);
    }
}
