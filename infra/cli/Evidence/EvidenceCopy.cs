using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;

namespace Proofgate.Cli.Evidence;

/// <summary>
/// Copies evidence to another folder. Checkpoints are listed before the files that they need, the super-log's first, so that a copy of a log that
/// grows meanwhile is whole all the same.
/// </summary>
internal sealed class EvidenceCopy(IEvidenceStore from, IEvidenceStore to)
{
    private const int MaxFileBytes = 64 << 20;

    internal long Files { get; private set; }

    internal long Copied { get; private set; }

    /// <exception cref="EvidenceDamagedException">The folder holds a file by this name with other bytes.</exception>
    internal async Task RunAsync(LogOrigin origin, CancellationToken cancellationToken)
    {
        var logs = new SortedSet<string>(StringComparer.Ordinal);
        var superCheckpoints = await ListAsync($"{origin.SuperLog}/checkpoints", cancellationToken);
        await foreach (var path in from.PathsAsync("", cancellationToken))
        {
            logs.Add(path.Split('/')[0]);
        }

        foreach (var log in logs.Where(l => l != origin.SuperLog && origin.Has(l)))
        {
            await CopyAsync(log, await ListAsync($"{log}/checkpoints", cancellationToken), cancellationToken);
        }

        await CopyAsync(origin.SuperLog, superCheckpoints, cancellationToken);
    }

    private async Task<List<string>> ListAsync(string folder, CancellationToken cancellationToken)
    {
        var paths = new List<string>();
        await foreach (var path in from.PathsAsync(folder, cancellationToken))
        {
            paths.Add(path);
        }

        return paths;
    }

    private async Task CopyAsync(string log, List<string> checkpoints, CancellationToken cancellationToken)
    {
        foreach (var path in (await ListAsync(log, cancellationToken)).Where(p => !p.StartsWith($"{log}/checkpoints/", StringComparison.Ordinal)).Concat(checkpoints))
        {
            if (await from.ReadAsync(path, MaxFileBytes, cancellationToken) is not { } bytes)
            {
                continue;
            }

            Files++;
            if (await to.InsertAsync(path, bytes, cancellationToken))
            {
                Copied++;
            }
            else if (await to.ReadAsync(path, MaxFileBytes, cancellationToken) is not { } held || !bytes.AsSpan().SequenceEqual(held))
            {
                throw new EvidenceDamagedException($"'{path}' is there already with other bytes: one of the two was changed.");
            }
        }
    }
}
