using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Audit.Sealing;
using Proofgate.Audit.Tests.Doubles;

namespace Proofgate.Audit.Tests.Sealing;

public sealed class PersonalSealerTests
{
    private static readonly PersonalPart Part = new("acme", "alice", Encoding.UTF8.GetBytes("{\"subject\":\"alice\"}"));

    [Fact]
    public async Task Part_OpensAgain_UnderItsOwnEventOnly()
    {
        var sealer = Sample.Sealer();
        var part = await sealer.SealAsync(Part, Sample.Id(1), default);
        var opened = Assert.IsType<PersonalPartResult.Opened>(await sealer.OpenAsync(part, Sample.Id(1), default));
        Assert.Equal(Part.Json.ToArray(), opened.Json.ToArray());
        Assert.IsType<PersonalPartResult.Damaged>(await sealer.OpenAsync(part, Sample.Id(2), default));
        for (var i = 0; i < part.Data.Length; i++)
        {
            var changed = part.Data.ToArray();
            changed[i] ^= 1;
            Assert.IsType<PersonalPartResult.Damaged>(await sealer.OpenAsync(part with { Data = changed }, Sample.Id(1), default));
        }
    }

    [Fact]
    public async Task Erasure_ShutsOldEvents_AndAReturningSubjectGetsAnotherKey()
    {
        var (store, time) = (new MemorySubjectKeys(), new FakeTimeProvider());
        var sealer = Sample.Sealer(store, time);
        var old = await sealer.SealAsync(Part, Sample.Id(1), default);
        Assert.True(await store.DeleteAsync(sealer.LookupOf("acme", "alice"), default));
        Assert.IsType<PersonalPartResult.Erased>(await sealer.OpenAsync(old, Sample.Id(1), default));

        time.Advance(TimeSpan.FromMinutes(6));
        var young = await sealer.SealAsync(Part, Sample.Id(2), default);
        Assert.NotEqual(old.KeyId, young.KeyId);
        Assert.Equal(old.KeyId.Split('.')[0], young.KeyId.Split('.')[0]);
        Assert.IsType<PersonalPartResult.Opened>(await sealer.OpenAsync(young, Sample.Id(2), default));
        Assert.IsType<PersonalPartResult.Erased>(await sealer.OpenAsync(old, Sample.Id(1), default));
    }

    [Fact]
    public async Task DataKey_IsRead_OnceInItsLifetimeInTheCache()
    {
        var (store, time) = (new MemorySubjectKeys(), new FakeTimeProvider());
        var sealer = Sample.Sealer(store, time);
        await sealer.SealAsync(Part, Sample.Id(1), default);
        var calls = store.Calls;
        await sealer.SealAsync(Part, Sample.Id(2), default);
        Assert.Equal(calls, store.Calls);
        time.Advance(TimeSpan.FromMinutes(5));
        await sealer.SealAsync(Part, Sample.Id(3), default);
        Assert.Equal(calls + 1, store.Calls);
    }

    [Fact]
    public async Task Cache_StaysBounded_WithMoreSubjectsThanItHolds()
    {
        var store = new MemorySubjectKeys();
        var sealer = Sample.Sealer(store, options: Sample.Options(o => o.SubjectKeyCacheSize = 4));
        for (var i = 0; i < 20; i++)
            await sealer.SealAsync(Part with { Subject = $"s{i}" }, Sample.Id(i), default);
        var calls = store.Calls;
        for (var i = 0; i < 20; i++)
            await sealer.SealAsync(Part with { Subject = $"s{i}" }, Sample.Id(i), default);
        Assert.True(store.Calls - calls >= 16);
        Assert.Equal(20, store.Records.Count);
    }

    [Fact]
    public void Lookup_TellsTenantFromSubject_AndShowsNeither()
    {
        var sealer = Sample.Sealer();
        Assert.NotEqual(sealer.LookupOf("ab", "c"), sealer.LookupOf("a", "bc"));
        Assert.DoesNotContain("alice", sealer.LookupOf("acme", "alice"), StringComparison.Ordinal);
    }

    [Fact]
    public void Digest_DependsOnTenantAndContent_AndIsTheSameInPieces()
    {
        var digester = new ContentDigester(AuditKeys.FromMaster(RandomNumberGenerator.GetBytes(32)));
        var digest = digester.Digest("a", "hello"u8);
        Assert.NotEqual(digest, digester.Digest("b", "hello"u8));
        Assert.NotEqual(digest, digester.Digest("a", "hellp"u8));
        using var pieces = digester.Start("a");
        pieces.AppendData("he"u8);
        pieces.AppendData("llo"u8);
        Assert.Equal(digest, Convert.ToHexStringLower(pieces.GetHashAndReset()));
    }
}
