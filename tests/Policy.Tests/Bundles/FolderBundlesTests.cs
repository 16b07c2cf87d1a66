using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Policy.Bundles;
using Proofgate.Tests.Support;
using Files = Proofgate.Tests.Support.Bundles;

namespace Proofgate.Policy.Tests.Bundles;

public sealed class FolderBundlesTests : IDisposable
{
    private const string Permit = """@id("p") permit (principal, action, resource);""";

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(Callers.Now);
    private readonly Recorder _recorder = new();
    private readonly FolderBundles _bundles;

    public FolderBundlesTests()
    {
        _folder.Write("bundle.json", Files.Manifest);
        _folder.Write("p.cedar", Permit);
        _bundles = new FolderBundles(
            new BundleLoader([]), _recorder, Options.Create(new PolicyOptions { Folder = _folder.Path }), _time, NullLogger<FolderBundles>.Instance);
        _recorder.Bundles = _bundles;
    }

    public void Dispose()
    {
        _bundles.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Start_RecordsTheActivation_BeforeTheBundleDecides()
    {
        Assert.False(_bundles.TryGet(out _));
        await _bundles.StartAsync(CancellationToken.None);

        Assert.True(_bundles.TryGet(out var bundle));
        Assert.Equal([new Activation(bundle.Digest, null, ActiveThen: null)], _recorder.Seen);
        Assert.Equal(bundle.Digest, _bundles.State.Digest);
        Assert.Empty(_bundles.State.Rejected);
        await _bundles.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Start_Fails_WhenTheBundleIsNotSound()
    {
        _folder.Write("p.cedar", "permit (");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => _bundles.StartAsync(CancellationToken.None));

        Assert.Contains("p.cedar:1:", error.Message, StringComparison.Ordinal);
        Assert.False(_bundles.TryGet(out _));
        Assert.Empty(_recorder.Seen);
    }

    [Fact]
    public async Task Start_LeavesTheBundleUnused_UntilItsActivationCanBeRecorded()
    {
        _recorder.Fails = true;
        await _bundles.StartAsync(CancellationToken.None);
        Assert.False(_bundles.TryGet(out _));
        Assert.Contains("could not be recorded", Assert.Single(_bundles.State.Rejected), StringComparison.Ordinal);

        _recorder.Fails = false;
        Assert.True(await _bundles.LookAsync(CancellationToken.None));
        Assert.True(_bundles.TryGet(out _));
        await _bundles.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Reload_TakesAChangedBundle_AndNamesThePreviousOne()
    {
        await _bundles.StartAsync(CancellationToken.None);
        Assert.True(_bundles.TryGet(out var first));
        _folder.Write("p.cedar", Permit + """@id("q") forbid (principal, action, resource);""");
        await _bundles.LookAsync(CancellationToken.None);

        Assert.True(_bundles.TryGet(out var second));
        Assert.Equal(2, second.Policies.Policies.Count);
        Assert.Equal(new Activation(second.Digest, first.Digest, ActiveThen: first.Digest), _recorder.Seen[^1]);
        await _bundles.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Reload_HappensByItself_AtEachInterval()
    {
        await _bundles.StartAsync(CancellationToken.None);
        _recorder.Next = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _folder.Write("p.cedar", Permit + " ");
        while (!_recorder.Next.Task.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            await Task.Yield();
        }

        Assert.NotEqual(_recorder.Seen[0].Digest, await _recorder.Next.Task);
        await _bundles.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Reload_KeepsTheLastGoodBundleAndSaysWhy_WhenTheNewOneIsNotSound()
    {
        await _bundles.StartAsync(CancellationToken.None);
        Assert.True(_bundles.TryGet(out var first));
        _folder.Write("p.cedar", Permit + "permit (");
        await _bundles.LookAsync(CancellationToken.None);

        Assert.True(_bundles.TryGet(out var still));
        Assert.Same(first, still);
        Assert.Contains("p.cedar:1:", Assert.Single(_bundles.State.Rejected), StringComparison.Ordinal);

        _folder.Write("p.cedar", Permit);
        await _bundles.LookAsync(CancellationToken.None);
        Assert.Empty(_bundles.State.Rejected);
        Assert.Single(_recorder.Seen);
        await _bundles.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Reload_KeepsTheLastGoodBundleAndSaysWhy_WhenTheActivationCannotBeRecorded()
    {
        await _bundles.StartAsync(CancellationToken.None);
        Assert.True(_bundles.TryGet(out var first));
        _recorder.Fails = true;
        _folder.Write("p.cedar", Permit + " ");
        await _bundles.LookAsync(CancellationToken.None);

        Assert.True(_bundles.TryGet(out var still));
        Assert.Same(first, still);
        Assert.Contains("could not be recorded", Assert.Single(_bundles.State.Rejected), StringComparison.Ordinal);

        _recorder.Fails = false;
        await _bundles.LookAsync(CancellationToken.None);
        Assert.True(_bundles.TryGet(out var second));
        Assert.NotEqual(first.Digest, second.Digest);
        Assert.Empty(_bundles.State.Rejected);
        await _bundles.StopAsync(CancellationToken.None);
    }

    private sealed record Activation(string Digest, string? Previous, string? ActiveThen);

    private sealed class Recorder : IActivationRecorder
    {
        internal FolderBundles? Bundles { get; set; }

        internal bool Fails { get; set; }

        internal TaskCompletionSource<string>? Next { get; set; }

        internal List<Activation> Seen { get; } = [];

        public Task RecordAsync(PolicyAct act, string digest, string? previousDigest, CancellationToken cancellationToken)
        {
            Seen.Add(new Activation(digest, previousDigest, Bundles!.State.Digest));
            Next?.TrySetResult(digest);
            return Fails ? Task.FromException(new IOException("down")) : Task.CompletedTask;
        }
    }
}
