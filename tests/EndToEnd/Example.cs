using Proofgate.Support;

namespace Proofgate.EndToEnd;

/// <summary>An example of shared/Client in another language, run as it is printed.</summary>
internal sealed class Example
{
    private readonly string[] _runtimes;
    private readonly string[] _probe;

    private Example(string file, string[] runtimes, params string[] probe) => (File, _runtimes, _probe) = (file, runtimes, probe);

    internal static IReadOnlyList<Example> All { get; } =
    [
        new("dpop.mjs", ["node"], "--version"),
        new("dpop.py", ["python3", "/usr/bin/python3"], "-c", "import httpx, cryptography"),
    ];

    internal string File { get; }

    /// <returns>Why it cannot be run on this machine; null if it can.</returns>
    internal async Task<string?> UnavailableAsync() =>
        await RuntimeAsync() is null ? "apt-get install python3-httpx python3-cryptography" : null;

    internal async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        await Peers.EnsureInstalledAsync();
        using var folder = new TemporaryFolder();
        var script = Path.Combine(folder.Path, File);
        System.IO.File.Copy(RepositoryRoot.Of("shared", "Client", "examples", File), script);

        // Node looks for packages beside the script.
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "node_modules"), Path.Combine(Peers.Folder, "node_modules"));
        await using var process = ManagedProcess.Start((await RuntimeAsync())!, [script, .. arguments]);
        var code = await process.WaitForExitAsync();
        return (code, string.Join('\n', process.Output), string.Join('\n', process.Errors));
    }

    private async Task<string?> RuntimeAsync()
    {
        foreach (var runtime in _runtimes)
        {
            try
            {
                await using var process = ManagedProcess.Start(runtime, _probe);
                if (await process.WaitForExitAsync() == 0)
                {
                    return runtime;
                }
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // Not on this machine.
            }
        }

        return null;
    }
}
