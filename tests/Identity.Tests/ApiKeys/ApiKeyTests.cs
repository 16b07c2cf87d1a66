using System.Text.Json;
using CsCheck;
using Proofgate.Identity.ApiKeys;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Identity.Tests.ApiKeys;

[Trait("Rule", "K1")]
public sealed class ApiKeyTests(ITestOutputHelper output)
{
    // Checksums by Python's zlib.crc32.
    private const string Published = "pgk_live_Ab3dE6gH_0123456789ABCDEFGHIJKLMNOPQRST0kQGue";
    private const string PublishedTest = "pgk_test_00000000_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzz0f1dj9";

    [Theory]
    [InlineData(Published, "live", "Ab3dE6gH")]
    [InlineData(PublishedTest, "test", "00000000")]
    public void TryParse_ReadsTheParts_OfAKeyMadeElsewhere(string text, string environment, string id)
    {
        Assert.True(ApiKey.TryParse(text, out var key));
        Assert.Equal(environment, key.Environment);
        Assert.Equal(id, key.Id.ToString());
        Assert.Equal(text, key.Reveal());
    }

    [Fact]
    public void Crc32_IsTheStandardOne_ByItsCheckValue() => Assert.Equal(0xCBF43926u, Crc32.Of("123456789"));

    [Theory]
    [InlineData("live")]
    [InlineData("test")]
    public void Create_MakesAKeyThatParses_InEachEnvironment(string environment)
    {
        for (var i = 0; i < 500; i++)
        {
            var made = ApiKey.Create(environment);
            Assert.Matches($"^pgk_{environment}_[0-9A-Za-z]{{8}}_[0-9A-Za-z]{{36}}$", made.Reveal());
            Assert.True(ApiKey.TryParse(made.Reveal(), out var read));
            Assert.Equal(made.Id, read.Id);
            Assert.Equal(environment, read.Environment);
        }
    }

    [Fact]
    public void Create_UsesEveryCharacterEquallyOften_InSecretAndId()
    {
        var counts = new int[128];
        const int keys = 4000;
        for (var i = 0; i < keys; i++)
        {
            var text = ApiKey.Create("live").Reveal();
            foreach (var c in text[9..17] + text[18..48])
            {
                counts[c]++;
            }
        }

        // Modulo 62 of a byte would give eight characters 25 % more; seven standard deviations are 14 %.
        var expected = keys * 38 / 62.0;
        Assert.All(Base62.Alphabet, c => Assert.InRange(counts[c], expected * 0.86, expected * 1.14));
    }

    [Fact]
    public void Create_Throws_ForAnotherEnvironment() => Assert.Throws<ArgumentException>(() => ApiKey.Create("prod"));

    [Fact]
    [Trait("Category", "Heavy")]
    public void TryParse_RefusesTheKey_WithAnySingleCharacterChanged()
    {
        var gen = Gen.Select(Gen.Int[0, ApiKey.Length - 1], Gen.OneOf(Gen.Char.AlphaNumeric, Gen.Char));
        gen.Sample(
            change =>
            {
                var text = ApiKey.Create("live").Reveal().ToCharArray();
                if (text[change.Item1] == change.Item2)
                {
                    return true;
                }

                text[change.Item1] = change.Item2;
                return !ApiKey.TryParse(text.AsMemory(), out _);
            },
            iter: Counts.Of(1_000_000, output));
    }

    [Fact]
    public void TryParse_RefusesTheKey_ForEveryOtherCharacterAtEveryPlace()
    {
        for (var at = 0; at < Published.Length; at++)
        {
            foreach (var c in Base62.Alphabet + "_- .é\0")
            {
                var changed = Published[..at] + c + Published[(at + 1)..];
                Assert.Equal(changed == Published, ApiKey.TryParse(changed, out _));
            }
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("pgk_")]
    [InlineData("pgk_live_Ab3dE6gH_0123456789ABCDEFGHIJKLMNOPQRST0kQGu")]
    [InlineData("pgk_live_Ab3dE6gH_0123456789ABCDEFGHIJKLMNOPQRST0kQGue0")]
    [InlineData(" pgk_live_Ab3dE6gH_0123456789ABCDEFGHIJKLMNOPQRST0kQGue")]
    [InlineData("PGK_live_Ab3dE6gH_0123456789ABCDEFGHIJKLMNOPQRST0kQGue")]
    public void TryParse_Refuses_AnotherForm(string? text) => Assert.False(ApiKey.TryParse(text, out _));

    [Fact]
    public void ToString_ShowsPublicPartsOnly_AndSoDoesEveryPrinter()
    {
        var key = ApiKey.Create("live");
        var secret = key.Reveal()[18..];
        Assert.Equal($"pgk_live_{key.Id}_***", key.ToString());
        Assert.DoesNotContain(secret, $"{key}", StringComparison.Ordinal);
        Assert.DoesNotContain(secret, JsonSerializer.Serialize(key), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, new ApiKeyCreation.Created(key, Record(key)).ToString(), StringComparison.Ordinal);
    }

    private static ApiKeyRecord Record(ApiKey key) => new()
    {
        Id = key.Id,
        Digest = new byte[32],
        PepperVersion = 1,
        Environment = key.Environment,
        Name = "n",
        Owner = "o",
        OwnerKind = SubjectKind.Client,
        Tenant = "t",
        NotBefore = default,
        Created = default,
        CreatedBy = "system",
        State = ApiKeyState.Active,
    };
}
