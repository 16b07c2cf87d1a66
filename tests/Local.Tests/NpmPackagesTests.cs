using Microsoft.Extensions.Time.Testing;
using Proofgate.Local.Setup;
using Proofgate.Support;

namespace Proofgate.Local.Tests;

/// <summary>Against a script in npm's place, which does what a test wants of it.</summary>
public sealed class NpmPackagesTests : IDisposable
{
    private const string Lock = """{ "packages": { "": { "name": "x" }, "node_modules/a": { "version": "1.0.0", "integrity": "sha512-AA" } } }""";

    private const string Installs = """
        echo "$@" >> calls
        mkdir -p node_modules
        cp package-lock.json node_modules/.package-lock.json
        """;

    private readonly TemporaryFolder _folder = new();

    private string Bin => _folder.Of("bin");

    private string Packages => _folder.Of("packages");

    public NpmPackagesTests()
    {
        Directory.CreateDirectory(Packages);
        Directory.CreateDirectory(Bin);
        File.WriteAllText(Path.Combine(Packages, "package-lock.json"), Lock);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Packages_AreInstalledWithoutScripts_AndOnce()
    {
        Npm(Installs);
        await EnsureAsync();
        await EnsureAsync();
        Assert.Equal(["ci --ignore-scripts --no-audit --no-fund"], Calls());
    }

    [Fact]
    public async Task Packages_AreInstalledOnce_WhenManyAskAtOnce()
    {
        Npm(Installs);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(EnsureAsync)));
        Assert.Single(Calls());
    }

    [Theory]
    [InlineData("""{ "packages": { "node_modules/a": { "version": "0.9.0", "integrity": "sha512-AA" } } }""")]
    [InlineData("""{ "packages": { "node_modules/a": { "version": "1.0.0", "integrity": "sha512-BB" } } }""")]
    [InlineData("""{ "packages": { "node_modules/b": { "version": "1.0.0", "integrity": "sha512-AA" } } }""")]
    [InlineData("""{ }""")]
    [InlineData("{ \"packages\": {")]
    public async Task Packages_AreInstalledAgain_WhenTheyAreNotThoseOfTheLock(string installed)
    {
        Directory.CreateDirectory(Path.Combine(Packages, "node_modules"));
        await File.WriteAllTextAsync(Path.Combine(Packages, "node_modules", ".package-lock.json"), installed);
        Npm(Installs);
        await EnsureAsync();
        Assert.Single(Calls());
    }

    [Fact]
    public async Task Packages_OfOtherPlatforms_NeedNotBeThere()
    {
        await File.WriteAllTextAsync(
            Path.Combine(Packages, "package-lock.json"),
            """{ "packages": { "": {}, "node_modules/mac-only": { "version": "1.0.0", "optional": true } } }""");
        Npm("""mkdir -p node_modules; echo '{ "packages": {} }' > node_modules/.package-lock.json; echo x >> calls""");
        await EnsureAsync();
        Assert.Single(Calls());
    }

    [Fact]
    public async Task Failure_IsToldWithNpmsOwnWords()
    {
        Npm("echo 'npm error code E503' >&2; echo 'npm error 503 registry is down' >&2; exit 7");
        var error = await Assert.ThrowsAsync<LocalSetupException>(EnsureAsync);
        Assert.Equal(
            $"npm ci failed in {Packages} (exit code 7): npm error code E503 npm error 503 registry is down "
            + "Check the network and the npm registry (npm config get registry), then run this again.",
            error.Message);
    }

    [Fact]
    public async Task Failure_NamesTheDisk_WhenItIsFull()
    {
        Npm("echo 'npm error nospc ENOSPC: no space left on device, write' >&2; exit 1");
        var error = await Assert.ThrowsAsync<LocalSetupException>(EnsureAsync);
        Assert.StartsWith($"The disk of {Packages} is full", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_IsTold_WhenNpmInstalledSomethingElse()
    {
        Npm("true");
        var error = await Assert.ThrowsAsync<LocalSetupException>(EnsureAsync);
        Assert.Contains("does not hold what package-lock.json asks for", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_LetsTheNextOneTry()
    {
        Npm("exit 1");
        await Assert.ThrowsAsync<LocalSetupException>(EnsureAsync);
        Npm(Installs);
        await EnsureAsync();
    }

    [Fact]
    public async Task Npm_IsAskedFor_WhenItIsMissing()
    {
        var error = await Assert.ThrowsAsync<LocalSetupException>(EnsureAsync);
        Assert.Contains("Install Node.js 20 or later", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lock_IsAskedFor_WhenItIsMissing()
    {
        File.Delete(Path.Combine(Packages, "package-lock.json"));
        var error = await Assert.ThrowsAsync<LocalSetupException>(EnsureAsync);
        Assert.Contains("has no readable package-lock.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_IsReportedEachSecond_WhileItTakesLonger()
    {
        var time = new FakeTimeProvider();
        var heard = new Heard();
        var work = new TaskCompletionSource<int>();
        var running = new Ticker(heard, time).WhileAsync("installing", work.Task);
        time.Advance(TimeSpan.FromMilliseconds(900));
        Assert.Empty(heard.Lines);
        for (var i = 0; i < 3; i++)
            time.Advance(TimeSpan.FromSeconds(1));
        work.SetResult(1);
        await running;
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(3, heard.Lines.Count);
        Assert.All(heard.Lines, static line => Assert.StartsWith("installing, ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Peers_CanBeImported_OnceTheyAreInstalled()
    {
        await Peers.EnsureInstalledAsync();
        await using var node = ManagedProcess.Start(
            "node", ["--input-type=module", "-e", "import OpenAI from 'openai'; console.log(typeof OpenAI)"], null, Peers.Folder);
        Assert.Equal(0, await node.WaitForExitAsync());
        Assert.Equal(["function"], node.Output);
    }

    private Task EnsureAsync() =>
        NpmPackages.EnsureInstalledAsync(Packages, Bin, new Ticker(null, TimeProvider.System), CancellationToken.None);

    private string[] Calls() => File.ReadAllLines(Path.Combine(Packages, "calls"));

    private void Npm(string script) => FakeProgram.Write(Bin, "npm", script);

    private sealed class Heard : IProgress<string>
    {
        internal List<string> Lines { get; } = [];

        public void Report(string value) => Lines.Add(value);
    }
}
