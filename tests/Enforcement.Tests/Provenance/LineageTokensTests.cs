using System.Buffers.Text;
using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Audit;
using Proofgate.Enforcement.Provenance;
using Proofgate.Identity;
using Proofgate.Tests.Support;

namespace Proofgate.Enforcement.Tests.Provenance;

/// <summary>A token opens for the caller that it was given to, as it was given, and for nobody and nothing else.</summary>
public sealed class LineageTokensTests
{
    private static readonly AuditId Id = new(new Guid("01934b2e-7a00-7000-8000-000000000001"));

    private readonly FakeTimeProvider _time = new(Callers.Now);

    [Fact]
    public void Token_TellsItsCallerWhatItWasIssuedWith()
    {
        var tokens = Mint.Of(_time);

        var claim = Valid(tokens.Read(Issue(tokens, Callers.Person, "internal", "orders", "customers"), Callers.Person));

        Assert.Equal((Id, "internal", Callers.Now.AddHours(24)), (claim.Id, claim.Label, claim.Expires));
        Assert.Equal(["customers", "orders"], claim.Datasets);
        Assert.True(claim.Digest.IsEmpty);
    }

    [Fact]
    public void Token_IsOpaque_AndNeverTheSameTwice()
    {
        var tokens = Mint.Of(_time);
        var (one, two) = (Issue(tokens, Callers.Person, "internal", "customers"), Issue(tokens, Callers.Person, "internal", "customers"));

        Assert.NotEqual(one, two);
        var bytes = Encoding.Latin1.GetString(Base64Url.DecodeFromChars(one.AsSpan(4)));
        Assert.DoesNotContain("customers", bytes, StringComparison.Ordinal);
        Assert.DoesNotContain("alice", bytes, StringComparison.Ordinal);
    }

    [Fact]
    public void Token_IsNotIssued_ToAnyOtherCaller()
    {
        var tokens = Mint.Of(_time);
        var token = Issue(tokens, Callers.Person, "internal");

        Assert.All(
            new[]
            {
                Callers.Person with { Tenant = "fabrikam" }, Callers.Person with { Subject = "mallory" }, Callers.Person with { Client = "other" }, Callers.Application,
                // Where one name ends and the next begins is part of the key.
                Callers.Person with { Tenant = "contosoa", Subject = "lice" }, Callers.Person with { Subject = "alice\n6\nportal" },
                Callers.Person with { Subject = "aliceportal", Client = "" }, Callers.Person with { Subject = "Alice" },
                // A subject is one of its issuer's, and an application is no person.
                Callers.Person with { Issuer = "https://other.example" }, Callers.Person with { Kind = SubjectKind.Client },
            },
            other => Assert.IsType<LineageReading.NotIssued>(tokens.Read(token, other)));
        Assert.IsType<LineageReading.Valid>(tokens.Read(token, Callers.Person with { Roles = Callers.Set("analyst"), Bound = true }));
    }

    [Fact]
    public void Token_IsNotIssued_WithAnyBitChanged()
    {
        var tokens = Mint.Of(_time);
        var token = Issue(tokens, Callers.Person, "internal", "customers");
        var bytes = Base64Url.DecodeFromChars(token.AsSpan(4));
        for (var i = 0; i < bytes.Length * 8; i++)
        {
            bytes[i / 8] ^= (byte)(1 << (i % 8));
            Assert.IsType<LineageReading.NotIssued>(tokens.Read("pgl_" + Base64Url.EncodeToString(bytes), Callers.Person));
            bytes[i / 8] ^= (byte)(1 << (i % 8));
        }

        Assert.IsType<LineageReading.Valid>(tokens.Read("pgl_" + Base64Url.EncodeToString(bytes), Callers.Person));
    }

    [Fact]
    public void Token_IsNotIssued_WithAnyCharacterChangedCutOrAdded()
    {
        var tokens = Mint.Of(_time);
        var token = Issue(tokens, Callers.Person, "internal");
        for (var i = 0; i < token.Length; i++)
        {
            foreach (var other in "A_-9 =é\u0131\0\U0001F600".EnumerateRunes())
            {
                if (token[i] != other.Value)
                {
                    Refused(token[..i] + other + token[(i + 1)..]);
                }

                Refused(token[..i] + other + token[i..]);
            }

            Refused(token[..i]);
            Refused(token[(i + 1)..]);
        }

        foreach (var form in new[] { token + "=", token + " ", " " + token, token + "\n", token.ToUpperInvariant(), "Pgl_" + token[4..], token + token, token + "." + token, "pgl_", "" })
        {
            Refused(form);
        }

        void Refused(string form) => Assert.IsType<LineageReading.NotIssued>(tokens.Read(form, Callers.Person));
    }

    [Theory]
    [InlineData("eyJhbGciOiJub25lIn0.eyJsYWJlbCI6InB1YmxpYyJ9.")]
    [InlineData("pgl_eyJhbGciOiJub25lIn0.eyJsYWJlbCI6InB1YmxpYyJ9.")]
    [InlineData("eyJhbGciOiJIUzI1NiIsImtpZCI6Ii4uLy4uL2Rldi9udWxsIn0.e30.AAAA")]
    [InlineData("pgl_AA")]
    [InlineData("pgl_AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Token_IsNotIssued_InAnotherForm(string token) => Assert.IsType<LineageReading.NotIssued>(Mint.Of(_time).Read(token, Callers.Person));

    [Fact]
    public void Token_IsNotIssued_BeyondTheLengthOfAny() =>
        Assert.IsType<LineageReading.NotIssued>(Mint.Of(_time).Read("pgl_" + new string('A', 20_000_000), Callers.Person));

    [Fact]
    public void Token_OfAnotherDeployment_IsNotIssued()
    {
        var token = Issue(Mint.Of(_time, master: 1), Callers.Person, "internal");
        Assert.IsType<LineageReading.NotIssued>(Mint.Of(_time, master: 2).Read(token, Callers.Person));
    }

    [Fact]
    public void Token_Expires_AtItsTime()
    {
        var tokens = Mint.Of(_time, new LineageOptions { TokenLifetime = TimeSpan.FromMinutes(10) });
        var token = Issue(tokens, Callers.Person, "internal");

        _time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        Assert.IsType<LineageReading.Valid>(tokens.Read(token, Callers.Person));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.IsType<LineageReading.Expired>(tokens.Read(token, Callers.Person));
        // Of another's nothing is told, not even that its time is over.
        Assert.IsType<LineageReading.NotIssued>(tokens.Read(token, Callers.Application));
    }

    [Fact]
    public void Secrets_CanBeChanged_WhileTokensOfTheOnesBeforeAreGood()
    {
        var derived = Issue(Mint.Of(_time), Callers.Person, "internal");
        var first = Issue(Mint.Of(_time, secrets: [(1, 7)]), Callers.Person, "internal");
        var both = Mint.Of(_time, secrets: [(1, 7), (2, 8)]);
        var second = Issue(both, Callers.Person, "internal");

        Assert.All([derived, first, second], t => Assert.IsType<LineageReading.Valid>(both.Read(t, Callers.Person)));
        var later = Mint.Of(_time, secrets: [(2, 8)]);
        Assert.IsType<LineageReading.NotIssued>(later.Read(first, Callers.Person));
        Assert.IsType<LineageReading.Valid>(later.Read(second, Callers.Person));
        Assert.IsType<LineageReading.NotIssued>(Mint.Of(_time, secrets: [(2, 9)]).Read(second, Callers.Person));
    }

    [Theory]
    [InlineData("0", null)]
    [InlineData("01", null)]
    [InlineData("65536", null)]
    [InlineData("x", null)]
    [InlineData("1", "")]
    [InlineData("1", "c2hvcnQ=")]
    [InlineData("1", "not base64")]
    public void Secrets_ThatAreNone_AreProblems(string version, string? secret)
    {
        var problem = Assert.Single(new LineageSecretOptions { [version] = secret ?? Convert.ToBase64String(new byte[32]) }.Problems());
        Assert.Contains($"Proofgate:Secrets:Lineage:{version}", problem, StringComparison.Ordinal);
        Assert.True(string.IsNullOrEmpty(secret) || !problem.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public void Token_ThatCannotNameAllDatasets_HasTheirDigestAndTheHighestLabel()
    {
        var tokens = Mint.Of(_time, new LineageOptions { MaxTokenLength = 512 });
        var names = Enumerable.Range(0, 100).Select(static i => $"dataset-{i:D3}").ToArray();

        var token = Issue(tokens, Callers.Person, "public", names);
        var claim = Valid(tokens.Read(token, Callers.Person));

        Assert.True(token.Length <= 512);
        Assert.Equal("restricted", claim.Label);
        Assert.Empty(claim.Datasets);
        Assert.Equal(32, claim.Digest.Length);
        Assert.Equal(claim.Digest.ToArray(), Valid(tokens.Read(Issue(tokens, Callers.Person, "public", [.. names.Reverse(), .. names]), Callers.Person)).Digest.ToArray());
        Assert.NotEqual(claim.Digest.ToArray(), Valid(tokens.Read(Issue(tokens, Callers.Person, "public", names[1..]), Callers.Person)).Digest.ToArray());
        // What comes of it can name no more than it could.
        var next = tokens.Issue(Callers.Person, Id, "public", "restricted", DatasetUnion.Of(["orders"], [claim]));
        Assert.Equal(("restricted", 0, 32), (Valid(tokens.Read(next, Callers.Person)).Label, Valid(tokens.Read(next, Callers.Person)).Datasets.Count, Valid(tokens.Read(next, Callers.Person)).Digest.Length));
    }

    [Fact]
    public void Token_NamesAllDatasetsOrNone_AndNeverLowersALabel()
    {
        string[] labels = ["public", "internal", "confidential", "restricted"];
        var cases =
            from label in Gen.Int[0, labels.Length - 1].Select(i => labels[i])
            from names in Gen.String[Gen.Char[' ', '\u07ff'], 1, 60].Array[0, 60]
            from length in Gen.Int[512, 4096]
            select (label, names, length);
        cases.Sample(
            sample =>
            {
                var tokens = Mint.Of(_time, new LineageOptions { MaxTokenLength = sample.length });
                var token = Issue(tokens, Callers.Person, sample.label, sample.names);
                var claim = Valid(tokens.Read(token, Callers.Person));
                Assert.True(token.Length <= sample.length);
                Assert.True(Array.IndexOf(labels, claim.Label) >= Array.IndexOf(labels, sample.label));
                if (claim.Digest.IsEmpty)
                {
                    Assert.Equal(sample.names.Distinct().Order(StringComparer.Ordinal), claim.Datasets);
                    Assert.Equal(sample.label, claim.Label);
                }
                else
                {
                    Assert.Equal("restricted", claim.Label);
                }
            },
            iter: 300);
    }

    [Fact]
    public void Options_OutOfRange_AreProblems()
    {
        Assert.Empty(new LineageOptions().Problems());
        var wrong = new LineageOptions { TokenLifetime = TimeSpan.Zero, SessionLifetime = TimeSpan.FromDays(31), MaxTokenLength = 511, MaxTokens = 0 }.Problems().ToList();
        Assert.Equal(4, wrong.Count);
        Assert.Equal(2, new LineageOptions { MaxTokenLength = 4097, MaxTokens = 257 }.Problems().Count());
    }

    private static string Issue(LineageTokens tokens, Caller caller, string label, params string[] datasets) =>
        tokens.Issue(caller, Id, label, "restricted", DatasetUnion.Of(datasets, []));

    private static LineageClaim Valid(LineageReading reading) => Assert.IsType<LineageReading.Valid>(reading).Claim;
}
