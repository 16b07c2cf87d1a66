using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Identity.Proofs;
using Proofgate.Identity.Tests.Support;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Identity.Tests.Proofs;

[Collection(nameof(Alone))]
public sealed class RecentProofsTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(70);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    [Trait("Rule", "D14")]
    public void Entry_StaysForTheWholeWindow_AndGoesAfterTwo()
    {
        var recent = new RecentProofs(100, Window, _time);
        _time.Advance(Window - TimeSpan.FromSeconds(1));
        recent.Add("a");
        _time.Advance(Window - TimeSpan.FromSeconds(1));
        Assert.True(recent.Contains("a"));
        _time.Advance(Window * 2);
        Assert.False(recent.Contains("a"));
        Assert.Equal(0, recent.Count);
    }

    [Fact]
    [Trait("Rule", "D14")]
    public void Entries_AreNeverEvicted_WhenThereIsNoRoom()
    {
        var recent = new RecentProofs(10, Window, _time);
        for (var i = 0; i < 100; i++)
        {
            recent.Add(i.ToString(CultureInfo.InvariantCulture));
        }

        Assert.Equal(5, recent.Count);
        Assert.All(Enumerable.Range(0, 5), i => Assert.True(recent.Contains(i.ToString(CultureInfo.InvariantCulture))));
        Assert.False(recent.Contains("5"));
    }

    [Fact]
    [Trait("Category", "Heavy")]
    [Trait("Rule", "D14")]
    public async Task Junk_NeitherPushesOutARecordNorTakesMemory()
    {
        // Whoever holds neither the key pair nor the clock can send what he likes: it reaches no memory of used proofs.
        await using var bound = await Bound.CreateAsync("ES256", ("Proofgate:Identity:LookupsPerMinute", "1000000"));
        using var thief = ProofSmith.Create();
        var used = bound.Proof();
        await bound.AcceptedAsync(used);
        var junk = new[]
        {
            thief.Make(bound.Room.Time, bound.Credential),
            thief.Make(bound.Room.Time, bound.Credential, (header, _) => header["jwk"] = bound.Smith.Jwk),
            bound.Proof(static (_, claims) => claims["iat"] = 0),
            used[..^4] + "AAAA",
            new string('x', 5000),
            "a.b.c",
        };
        var count = Counts.Of(1_000_000, output);
        await FloodAsync(1000);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await FloodAsync(count);
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"Memory grew by {grown} bytes.");
        Assert.InRange(grown, long.MinValue, 4 * 1024 * 1024);
        Assert.Equal(1, bound.Room.Replays.Asked);
        Assert.Equal(1, bound.Room.Get<ReplayGuard>().Recent.Count);
        await bound.AssertRefusedAsync("proof_replayed", used);

        async Task FloodAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                Assert.IsType<AuthenticationResult.Refused>(await bound.SendAsync(junk[i % junk.Length]));
            }
        }
    }

    [Fact]
    [Trait("Category", "Heavy")]
    [Trait("Rule", "D14")]
    public async Task Proofs_AreStillTold_WhenTheMemoryIsFull()
    {
        await using var bound = await Bound.CreateAsync("ES256", ("Proofgate:Dpop:RememberedProofs", "16"));
        var proofs = Enumerable.Range(0, Counts.Of(10_000, output)).Select(_ => bound.Proof()).ToList();
        foreach (var proof in proofs)
        {
            await bound.AcceptedAsync(proof);
        }

        Assert.InRange(bound.Room.Get<ReplayGuard>().Recent.Count, 1, 16);
        foreach (var proof in proofs)
        {
            await bound.AssertRefusedAsync("proof_replayed", proof);
        }
    }
}
