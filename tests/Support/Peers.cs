using Proofgate.Local;

namespace Proofgate.Support;

/// <summary>Programs of other makers, from npm, that the tests speak with.</summary>
public static class Peers
{
    /// <summary>The folder of package.json; scripts in it can import the packages.</summary>
    public static string Folder { get; } = RepositoryRoot.Of("tests", "peers");

    private static readonly Lazy<Task> Installation = new(static () => NpmPackages.EnsureInstalledAsync(Folder, progress: null, CancellationToken.None));

    /// <summary>Installs them where they are missing. Safe to call from several test processes at once.</summary>
    public static Task EnsureInstalledAsync() => Installation.Value;

    /// <summary>Starts a script of that folder under Node.js.</summary>
    public static async Task<ManagedProcess> StartAsync(
        string script, IEnumerable<string>? arguments = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        await EnsureInstalledAsync();
        return ManagedProcess.Start("node", [Path.Combine(Folder, script), .. arguments ?? []], environment, Folder);
    }
}
