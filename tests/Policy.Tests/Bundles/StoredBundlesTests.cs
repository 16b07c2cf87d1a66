using Proofgate.Cedar;
using Proofgate.Policy.Signing;
using Proofgate.Support;
using Proofgate.Tests.Support;
using Xunit.Abstractions;

namespace Proofgate.Policy.Tests.Bundles;

public sealed class StoredBundlesTests(ITestOutputHelper output) : IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly PolicyHouse _house = new();

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task EmptyStore_PermitsAdministratorsOfTheirTenant_AndNobodyAnythingElse()
    {
        var instance = _house.NewInstance();
        Assert.False(instance.TryGet(out _));
        Assert.True(await instance.LookAsync(Never));
        Assert.True(instance.TryGet(out var bundle));
        Assert.Equal((true, (Activation?)null, bundle.Digest), (instance.State.Bootstrap, instance.State.Activation, instance.State.Digest));
        Assert.Equal([(PolicyAct.Activated, bundle.Digest, (string?)null)], _house.Recorded);

        Assert.True(Allowed("administrator", Vocabulary.Manage, Vocabulary.PolicyStore("contoso")));
        Assert.False(Allowed("administrator", Vocabulary.Manage, Vocabulary.PolicyStore("default")));
        Assert.False(Allowed("developer", Vocabulary.Manage, Vocabulary.PolicyStore("contoso")));
        Assert.False(Allowed("administrator", Vocabulary.Infer, Vocabulary.Model("m", "p", "r", 3, false)));

        bool Allowed(string role, EntityUid action, Entity resource) => new Inquiry(bundle, Callers.Application with { Roles = Callers.Set(role) }, Callers.Now)
            .Decide(action, resource, new CallFacts { Label = 0 }).Allowed;
    }

    [Fact]
    public async Task Instance_TakesTheNewestRecord_AndRecordsIt_BeforeItDecides()
    {
        var first = await _house.PutAsync(1, PolicyHouse.Permit, null);
        var instance = _house.NewInstance();
        await instance.LookAsync(Never);
        Assert.True(instance.TryGet(out var one));
        _house.RecordingFails = digest =>
        {
            Assert.True(instance.TryGet(out var still));
            Assert.Same(one, still);
            return null;
        };
        await _house.PutAsync(2, PolicyHouse.Permit + " ", one.Digest);
        await instance.LookAsync(Never);
        Assert.True(instance.TryGet(out var two));
        Assert.NotEqual(one.Digest, two.Digest);
        Assert.Equal((PolicyAct.Activated, two.Digest, (string?)one.Digest), _house.Recorded[^1]);
        Assert.Equal((2, "alice", "manage", (string?)one.Digest), (instance.State.Activation!.Sequence, instance.State.Activation.Author, instance.State.Activation.By, instance.State.Activation.Previous));

        _house.RecordingFails = null;
        var record = new StoredActivation(3, first.Bundle, await PolicyHouse.ApproveAsync(_house.Host, 3, one.Digest, two.Digest, ActivationStatement.RollBack));
        _house.Store.Put(record);
        await instance.LookAsync(Never);
        Assert.Equal((PolicyAct.RolledBack, one.Digest, (string?)two.Digest), _house.Recorded[^1]);
        Assert.Equal(one.Digest, instance.State.Digest);
    }

    [Fact]
    public async Task LowerNumber_IsNeverTaken()
    {
        await _house.PutAsync(5, PolicyHouse.Permit, null);
        var instance = _house.NewInstance();
        await instance.LookAsync(Never);
        var digest = instance.State.Digest;

        // Somebody who may write the table puts an old state back.
        _house.Store.Remove(5);
        await _house.PutAsync(4, PolicyHouse.Permit + " ", null);
        await instance.LookAsync(Never);
        Assert.Equal(digest, instance.State.Digest);
        Assert.Contains("lost the record 5", Assert.Single(instance.State.Rejected), StringComparison.Ordinal);

        // The same number with another content is not looked at either.
        await _house.PutAsync(5, PolicyHouse.Permit + "  ", null);
        await instance.LookAsync(Never);
        Assert.Equal(digest, instance.State.Digest);
        Assert.True(instance.TryGet(out _));
    }

    [Fact]
    public async Task RecordThatNobodySigned_IsToldAndPassedOver()
    {
        await _house.PutAsync(1, PolicyHouse.Permit, null);
        await _house.PutAsync(2, PolicyHouse.Permit + " ", null, author: _house.Mallory);
        _house.Store.Put(new StoredActivation(3, new byte[70_000], "x"u8.ToArray()));
        var instance = _house.NewInstance();
        await instance.LookAsync(Never);
        Assert.True(instance.TryGet(out _));
        Assert.Equal(1, instance.State.Activation!.Sequence);

        await instance.LookAsync(Never);
        Assert.Contains("Record 3", Assert.Single(instance.State.Rejected), StringComparison.Ordinal);
        Assert.Equal(1, _house.Store.PackReads);

        await _house.PutAsync(4, PolicyHouse.Permit + "  ", instance.State.Digest);
        await instance.LookAsync(Never);
        Assert.Equal(4, instance.State.Activation!.Sequence);
        Assert.Empty(instance.State.Rejected);
    }

    [Fact]
    public async Task BundleThatIsNotSound_KeepsTheLastGoodOne_SaysWhy_AndIsRecordedOnce()
    {
        await _house.PutAsync(1, PolicyHouse.Permit, null);
        var instance = _house.NewInstance();
        await instance.LookAsync(Never);
        Assert.True(instance.TryGet(out var good));

        var bad = await PolicyHouse.SignAsync(_house.Alice, "permit (", good.Digest);
        await _house.PutAsync(2, "permit (", good.Digest);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(await instance.LookAsync(Never));
            Assert.True(instance.TryGet(out var still));
            Assert.Same(good, still);
            Assert.Contains("p.cedar:1:", Assert.Single(instance.State.Rejected), StringComparison.Ordinal);
            Assert.Equal(bad.Digest, instance.State.RejectedDigest);
        }

        Assert.Equal((PolicyAct.Rejected, bad.Digest, (string?)good.Digest), Assert.Single(_house.Recorded, static r => r.Act == PolicyAct.Rejected));

        // An instance that starts now has no last good one: it does not fall back to an older policy by itself.
        var late = _house.NewInstance();
        await late.LookAsync(Never);
        Assert.False(late.TryGet(out _));
        Assert.NotEmpty(late.State.Rejected);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PackThatIsMissingOrAnother_IsNotTaken(bool another)
    {
        await _house.PutAsync(1, PolicyHouse.Permit, null);
        var instance = _house.NewInstance();
        await instance.LookAsync(Never);
        var good = instance.State.Digest;
        await _house.PutAsync(2, PolicyHouse.Permit + " ", good);
        var digest = (await PolicyHouse.SignAsync(_house.Alice, PolicyHouse.Permit + " ", good)).Digest;
        if (another)
        {
            _house.Store.Packs[digest] = (await PolicyHouse.SignAsync(_house.Alice, "@id(\"evil\") permit (principal, action, resource);", good)).Pack;
        }
        else
        {
            _house.Store.Packs.Remove(digest);
        }

        await instance.LookAsync(Never);
        Assert.Equal((good, digest), (instance.State.Digest, instance.State.RejectedDigest));
    }

    [Fact]
    public async Task Store_ThatIsSilentForTooLong_LeavesNoBundle_UntilItIsReadAgain()
    {
        await _house.PutAsync(1, PolicyHouse.Permit, null);
        var instance = _house.NewInstance();
        await instance.LookAsync(Never);
        _house.Store.Fault = new IOException("away");
        _house.Time.Advance(TimeSpan.FromSeconds(3.9));
        Assert.False(await instance.LookAsync(Never));
        Assert.True(instance.TryGet(out _));
        _house.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(instance.TryGet(out _));
        Assert.False(instance.State.Fresh);

        _house.Store.Fault = null;
        Assert.True(await instance.LookAsync(Never));
        Assert.True(instance.TryGet(out _));
        Assert.Single(_house.Recorded);
    }

    [Fact]
    public async Task NewBundle_ThatCannotBeReadOrRecorded_IsAnOutage_NotAReasonToGoOnForEver()
    {
        await _house.PutAsync(1, PolicyHouse.Permit, null);
        var instance = _house.NewInstance();
        await instance.LookAsync(Never);
        var good = instance.State.Digest;
        await _house.PutAsync(2, PolicyHouse.Permit + " ", good);

        _house.Store.PackFault = new IOException("away");
        _house.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(await instance.LookAsync(Never));
        _house.Store.PackFault = null;
        _house.RecordingFails = static _ => new IOException("the stream is down");
        Assert.False(await instance.LookAsync(Never));
        Assert.Equal(good, instance.State.Digest);
        _house.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(instance.TryGet(out _));

        _house.RecordingFails = null;
        Assert.True(await instance.LookAsync(Never));
        Assert.Equal(2, instance.State.Activation!.Sequence);
        Assert.True(instance.TryGet(out _));
    }

    [Fact]
    public async Task StoreThatIsAwayAtStart_DoesNotStopTheHost_AndNothingDecides()
    {
        _house.Store.Fault = new IOException("away");
        var instance = _house.NewInstance();
        await instance.StartAsync(Never);
        Assert.False(instance.TryGet(out _));
        _house.Store.Fault = null;
        await _house.PutAsync(1, PolicyHouse.Permit, null);
        while (!instance.TryGet(out _))
        {
            _house.Time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }

        Assert.Equal(1, instance.State.Activation!.Sequence);
        await instance.StopAsync(Never);
    }

    /// <summary>
    /// Many threads ask while bundles change: each bundle that any of them gets was recorded before, is whole (its one policy is the one that its digest stands
    /// for), and no thread goes back to an older one.
    /// </summary>
    [Fact]
    [Trait("Category", "Heavy")]
    public async Task Swap_IsAtomic_UnderLoad()
    {
        var rounds = Counts.Of(5000, output);
        var digests = new Dictionary<string, int>();
        await _house.PutAsync(1, Policy(1), null);
        digests[(await PolicyHouse.SignAsync(_house.Alice, Policy(1), null)).Digest] = 1;
        var instance = _house.NewInstance();
        await instance.LookAsync(Never);
        using var stop = new CancellationTokenSource();
        var seen = new System.Collections.Concurrent.ConcurrentQueue<(string Digest, string Policy, bool Recorded)>();
        var readers = Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            string? last = null;
            while (!stop.IsCancellationRequested)
            {
                Assert.True(instance.TryGet(out var bundle));
                if (bundle.Digest != last)
                {
                    bool recorded;
                    lock (_house.Recorded)
                    {
                        recorded = _house.Recorded.Any(r => r.Digest == bundle.Digest);
                    }

                    seen.Enqueue((bundle.Digest, bundle.Policies.Policies.Single().Id, recorded));
                    last = bundle.Digest;
                }

                Thread.Yield();
            }
        })).ToList();
        for (var i = 2; i <= rounds + 1; i++)
        {
            var previous = instance.State.Digest;
            digests[(await PolicyHouse.SignAsync(_house.Alice, Policy(i), previous)).Digest] = i;
            await _house.PutAsync(i, Policy(i), previous);
            Assert.True(await instance.LookAsync(Never));
            Assert.Equal(i, instance.State.Activation!.Sequence);
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);
        Assert.All(seen, s => Assert.Equal(($"p{digests[s.Digest]}", true), (s.Policy, s.Recorded)));
        output.WriteLine($"{seen.Count} changes seen by 8 threads");

        static string Policy(int i) => $"""@id("p{i}") permit (principal, action, resource);""";
    }
}
