using System.Globalization;
using Proofgate.Local.Processes;

namespace Proofgate.Local.Setup;

/// <summary>Azurite's data, held by this process alone. Knows which Azurite wrote to it last, so that one that was left behind is ended first.</summary>
internal sealed class DataFolder : IDisposable
{
    private const long BytesNeeded = 64L << 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly IDisposable _held;

    private DataFolder(string path, IDisposable held) => (FullPath, _held) = (path, held);

    internal string FullPath { get; }

    private string ProcessIdFile => Path.Combine(FullPath, "azurite.pid");

    /// <exception cref="LocalSetupException">In use, not writable, or the disk is full.</exception>
    internal static DataFolder Open(string path)
    {
        var full = Path.GetFullPath(path);
        var held = HeldFile.TryTake(Path.Combine(full, "azurite.lock"))
            ?? throw new LocalSetupException($"The data folder {full} is in use by another local storage. End that one, or choose another folder.");
        try
        {
            DiskSpace.Require(full, BytesNeeded, "tables");
            return new DataFolder(full, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    internal void Record(int processId) => File.WriteAllText(ProcessIdFile, processId.ToString(CultureInfo.InvariantCulture));

    internal void Forget() => File.Delete(ProcessIdFile);

    /// <summary>
    /// Ends the Azurite that a killed run left behind and waits until it has saved. The number in the file may belong to a stranger by now,
    /// so the process's own command line decides.
    /// </summary>
    internal async Task EndLeftoverAsync(Ticker ticker, CancellationToken cancellationToken)
    {
        if (ReadRecord() is not { } processId)
            return;
        if (IsOurs(processId))
        {
            Signals.Terminate(processId);
            await ticker.WhileAsync(
                $"waiting for the storage of an earlier run (process {processId}) to save and end",
                WaitForEndAsync(processId, ticker.Time, cancellationToken)).ConfigureAwait(false);
        }

        Forget();
    }

    public void Dispose() => _held.Dispose();

    private async Task<bool> WaitForEndAsync(int processId, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (IsOurs(processId))
        {
            if (time.GetElapsedTime(started) > Patience)
            {
                throw new LocalSetupException(
                    $"Process {processId}, the storage of an earlier run on {FullPath}, does not end. End it with 'kill {processId}' and run this again.");
            }

            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private int? ReadRecord() =>
        File.Exists(ProcessIdFile) && int.TryParse(File.ReadAllText(ProcessIdFile), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 1
            ? id
            : null;

    private bool IsOurs(int processId)
    {
        var arguments = CommandLine.Of(processId);
        return arguments.Any(static a => a.Contains(AzuriteServer.Script, StringComparison.Ordinal))
            && arguments.Any(a => a.Contains(FullPath, StringComparison.Ordinal));
    }
}
