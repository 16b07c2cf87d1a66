using Proofgate.Local.Setup;
using Proofgate.Support;

namespace Proofgate.Local.Tests.Setup;

public sealed class NodeRuntimeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("v20.0.0")]
    [InlineData("v24.3.1")]
    [InlineData("v25.0.0-nightly2026")]
    public async Task Node_IsTaken_WhenItIsNewEnough(string version)
    {
        FakeProgram.Write(_folder.Path, "node", $"echo {version}");
        Assert.Equal(_folder.Of("node"), await NodeRuntime.FindAsync(_folder.Path, CancellationToken.None));
    }

    [Fact]
    public async Task Node_IsRefusedWithItsVersion_WhenItIsTooOld()
    {
        FakeProgram.Write(_folder.Path, "node", "echo v18.19.1");
        var error = await FindAsync(_folder.Path);
        Assert.Contains("Node.js 18.19.1", error.Message, StringComparison.Ordinal);
        Assert.Contains("Install Node.js 20 or later", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo something else")]
    [InlineData("exit 1")]
    public async Task Node_IsRefused_WhenItDoesNotTellItsVersion(string script)
    {
        FakeProgram.Write(_folder.Path, "node", script);
        Assert.Contains("does not tell its version", (await FindAsync(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/nowhere")]
    [InlineData(".")]
    public async Task Node_IsAskedFor_WhenThePathHasNone(string path) =>
        Assert.Contains("Node.js was not found on the PATH", (await FindAsync(path)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Node_IsAskedFor_WhenTheFileMayNotRun()
    {
        await File.WriteAllTextAsync(_folder.Of("node"), "#!/bin/sh");
        Assert.Contains("Node.js was not found on the PATH", (await FindAsync(_folder.Path)).Message, StringComparison.Ordinal);
    }

    private static Task<LocalSetupException> FindAsync(string path) =>
        Assert.ThrowsAsync<LocalSetupException>(() => NodeRuntime.FindAsync(path, CancellationToken.None));
}
