using Proofgate.Local.Processes;

namespace Proofgate.Local.Setup;

/// <summary>Node.js as found on the PATH, new enough for Azurite.</summary>
internal static class NodeRuntime
{
    private const int OldestMajor = 20;
    private const string Advice = "Install Node.js 20 or later (https://nodejs.org) and run this again.";

    /// <returns>The full path of <c>node</c>.</returns>
    /// <exception cref="LocalSetupException">Missing, not runnable or too old.</exception>
    internal static async Task<string> FindAsync(string searchPath, CancellationToken cancellationToken)
    {
        var node = Executable.Find("node", searchPath)
            ?? throw new LocalSetupException($"Node.js was not found on the PATH; the local storage (Azurite) runs on it. {Advice}");
        var version = await VersionOfAsync(node, cancellationToken).ConfigureAwait(false);
        return version.Major >= OldestMajor
            ? node
            : throw new LocalSetupException($"Node.js {version} ({node}) is too old for the local storage (Azurite). {Advice}");
    }

    private static async Task<Version> VersionOfAsync(string node, CancellationToken cancellationToken)
    {
        try
        {
            var end = await ShortProcess.RunAsync(node, ["--version"], Environment.CurrentDirectory, cancellationToken).ConfigureAwait(false);
            if (Version.TryParse(end.Output.Trim().TrimStart('v').Split('-')[0], out var version))
                return version;
            throw new LocalSetupException($"{node} does not tell its version. {Advice}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new LocalSetupException($"{node} could not be started ({e.Message}). {Advice}", e);
        }
    }
}
