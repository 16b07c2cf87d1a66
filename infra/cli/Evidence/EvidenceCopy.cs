using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;

namespace Proofgate.Cli.Evidence;

/// <summary>
/// Copies evidence to another folder. Cosigned checkpoints are listed before the checkpoints, these before the files that they need, and the super-log's first,
/// so that a copy of a log that grows meanwhile is whole all the same.
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
        var superCheckpoints = await CheckpointsAsync(origin.SuperLog, cancellationToken);
        await foreach (var path in from.PathsAsync("", cancellationToken))
        {
            logs.Add(path.Split('/')[0]);
        }

        foreach (var log in logs.Where(l => l != origin.SuperLog && origin.Has(l)))
        {
            await CopyAsync(log, await CheckpointsAsync(log, cancellationToken), cancellationToken);
        }

        await CopyAsync(origin.SuperLog, superCheckpoints, cancellationToken);
    }

    private async Task<List<string>> CheckpointsAsync(string log, CancellationToken cancellationToken)
    {
        var cosigned = await ListAsync($"{log}/cosigned", cancellationToken);
        return [.. await ListAsync($"{log}/checkpoints", cancellationToken), .. cosigned];
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
        foreach (var path in (await ListAsync(log, cancellationToken)).Where(p => p.Split('/') is not [_, "checkpoints" or "cosigned", ..]).Concat(checkpoints))
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
