namespace Proofgate.Local.Setup;

/// <summary>One installation at a time in a folder, over all processes. The system releases it when its holder dies.</summary>
internal static class InstallLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    internal static async Task<IDisposable> TakeAsync(string folder, CancellationToken cancellationToken)
    {
        // Not in node_modules: npm ci removes that.
        var file = Path.Combine(folder, ".proofgate", "npm.lock");
        while (true)
        {
            if (HeldFile.TryTake(file) is { } held)
                return held;
            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }
}
