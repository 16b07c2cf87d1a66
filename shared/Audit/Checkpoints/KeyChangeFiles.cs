using System.Globalization;
using System.Runtime.CompilerServices;
using Proofgate.Audit.Notes;

namespace Proofgate.Audit.Checkpoints;

/// <summary>Changes of the log's key as files of the evidence, <c>{super-log}/keys/{leaf}</c>. Both keys have signed each, so a copy of one proves as much as the log.</summary>
public static class KeyChangeFiles
{
    /// <summary>A log has a handful; a folder that holds more is no log's.</summary>
    public const int Most = 1000;

    public static string PathOf(LogOrigin origin, long leaf)
    {
        ArgumentNullException.ThrowIfNull(origin);
        return string.Create(CultureInfo.InvariantCulture, $"{SuperLog.KeysFolderOf(origin)}/{leaf}");
    }

    /// <summary>All of them, oldest first, as their bytes: nothing is verified.</summary>
    /// <exception cref="EvidenceUnavailableException">They cannot be read.</exception>
    /// <exception cref="EvidenceDamagedException">There are more than <see cref="Most"/>, or one is too long.</exception>
    public static async IAsyncEnumerable<(long Leaf, byte[] Note)> ReadAsync(IEvidenceStore store, LogOrigin origin, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(origin);
        var leaves = new SortedSet<long>();
        await foreach (var leaf in store.NumbersAsync(SuperLog.KeysFolderOf(origin), cancellationToken).ConfigureAwait(false))
        {
            if (leaves.Add(leaf) && leaves.Count > Most)
                throw new EvidenceDamagedException($"'{SuperLog.KeysFolderOf(origin)}' has more than {Most} files.");
        }

        foreach (var leaf in leaves)
        {
            if (await store.ReadAsync(PathOf(origin, leaf), SignedNote.MaxBytes, cancellationToken).ConfigureAwait(false) is { } note)
                yield return (leaf, note);
        }
    }
}
