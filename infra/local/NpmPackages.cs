using Proofgate.Local.Processes;
using Proofgate.Local.Setup;

namespace Proofgate.Local;

/// <summary>The npm packages of one folder, as its package-lock.json pins them.</summary>
public static class NpmPackages
{
    private const long BytesNeeded = 600L << 20;

    /// <summary>
    /// Installs what is missing by <c>npm ci --ignore-scripts</c>; nothing if the lock file's versions are there. Of several processes that
    /// ask at once, one installs and the others wait for it.
    /// </summary>
    /// <param name="folder">Holds package.json and package-lock.json.</param>
    /// <param name="progress">Told each second while it takes longer than that.</param>
    /// <exception cref="LocalSetupException">Node.js or disk space is missing, or npm failed.</exception>
    public static Task EnsureInstalledAsync(string folder, IProgress<string>? progress, CancellationToken cancellationToken) =>
        EnsureInstalledAsync(folder, Environment.GetEnvironmentVariable("PATH") ?? "", new Ticker(progress, TimeProvider.System), cancellationToken);

    internal static async Task EnsureInstalledAsync(string folder, string searchPath, Ticker ticker, CancellationToken cancellationToken)
    {
        var packages = new PackageLock(folder);
        if (packages.IsInstalled())
            return;
        using var held = await ticker.WhileAsync(
            $"waiting for another process that installs npm packages in {folder}",
            InstallLock.TakeAsync(folder, cancellationToken)).ConfigureAwait(false);
        if (packages.IsInstalled())
            return;

        var npm = Executable.Find("npm", searchPath)
            ?? throw new LocalSetupException("npm was not found on the PATH; it comes with Node.js. Install Node.js 20 or later (https://nodejs.org) and run this again.");
        DiskSpace.Require(folder, BytesNeeded, "npm packages");
        var end = await ticker.WhileAsync(
            $"installing npm packages in {folder} (first use only)",
            ShortProcess.RunAsync(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder, cancellationToken)).ConfigureAwait(false);
        if (end.ExitCode != 0)
            throw Failure(folder, end);
        if (!packages.IsInstalled())
            throw new LocalSetupException($"npm ci ended well in {folder}, but node_modules does not hold what package-lock.json asks for. Remove node_modules there and run this again.");
    }

    private static LocalSetupException Failure(string folder, ProcessEnd end) => end.Error.Contains("ENOSPC", StringComparison.Ordinal)
        ? new LocalSetupException($"The disk of {folder} is full: npm could not install its packages. Make {BytesNeeded >> 20} MB free and run this again.")
        : new LocalSetupException(
            $"npm ci failed in {folder} (exit code {end.ExitCode}): {end.Summary()} "
            + "Check the network and the npm registry (npm config get registry), then run this again.");
}
