using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Tiles;
using Proofgate.Cli.Gateway;

namespace Proofgate.Cli.Evidence;

/// <summary>
/// The evidence as a gateway serves it: of each log one checkpoint, the one that was the newest when it was first asked for, and the files below it. A gateway lists
/// nothing, so the super-log's leaves say which logs there are and how its key has changed.
/// </summary>
/// <param name="fetch">Reads from the gateway.</param>
/// <param name="origin">What the logs are called.</param>
/// <param name="wanted">What the super-log's checkpoint should have in cosignatures: it is asked for again for a while, because witnesses come a little after the signature.</param>
/// <param name="time">The clock.</param>
internal sealed class GatewayEvidence(EvidenceFetch fetch, LogOrigin origin, Func<SignedNote, bool>? wanted, TimeProvider time) : IEvidenceStore
{
    private const string Root = "audit/log/";
    private const string CheckpointFolder = "checkpoints";
    private const string KeyFolder = "keys";
    private const string CosignedFolder = "cosigned";
    private const int MaxBundleBytes = 20 << 20;

    /// <summary>Longer than a checkpoint may be remembered on the way here: what the super-log pins is then in the others.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    /// <summary>A witness is asked every few seconds, so a checkpoint has its cosignature by then or will not have it.</summary>
    private const int MaxAsked = 12;

    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Held?> _checkpoints = new(StringComparer.Ordinal);
    private (string Path, byte[]? Bytes)? _last;
    private SuperScan? _scan;

    public Task<bool> InsertAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A gateway's evidence is read only.");

    public async Task<byte[]?> ReadAsync(string path, int maxBytes, CancellationToken cancellationToken)
    {
        switch (path.Split('/'))
        {
            case [var log, CheckpointFolder, var size]:
                return await CheckpointAsync(log, cancellationToken) is { } held && size == Text(held.Size) ? held.Note : null;
            case [var log, CosignedFolder, var witness, var size]:
                return await CheckpointAsync(log, cancellationToken) is { } shown && size == Text(shown.Size) ? shown.Cosigned.GetValueOrDefault(witness) : null;
            case [var log, KeyFolder, var number] when log == origin.SuperLog:
                return (await ScanAsync(cancellationToken)).Changes.FirstOrDefault(c => Text(c.Index) == number).Leaf;
            default:
                if (_last is not { } last || last.Path != path)
                {
                    _last = last = (path, await fetch.GetAsync(Root + path, maxBytes, fresh: false, cancellationToken));
                }

                return last.Bytes;
        }
    }

    public async Task<long?> HighestAsync(string folder, CancellationToken cancellationToken)
    {
        long? highest = null;
        await foreach (var number in NumbersAsync(folder, cancellationToken))
        {
            highest = highest > number ? highest : number;
        }

        return highest;
    }

    public async IAsyncEnumerable<long> NumbersAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        switch (folder.Split('/'))
        {
            case [var log, CheckpointFolder]:
                if (await CheckpointAsync(log, cancellationToken) is { } held)
                {
                    yield return held.Size;
                }

                break;
            case [var log, KeyFolder] when log == origin.SuperLog:
                foreach (var change in (await ScanAsync(cancellationToken)).Changes)
                {
                    yield return change.Index;
                }

                break;
        }
    }

    public async IAsyncEnumerable<string> PathsAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        switch (folder.Split('/'))
        {
            case [""]:
                await foreach (var log in LogsAsync(cancellationToken))
                {
                    yield return $"{log}/{CheckpointFolder}/{Text((await CheckpointAsync(log, cancellationToken))!.Size)}";
                    foreach (var path in await CosignedAsync(log, cancellationToken))
                    {
                        yield return path;
                    }
                }

                break;
            case [var log, CosignedFolder]:
                foreach (var path in await CosignedAsync(log, cancellationToken))
                {
                    yield return path;
                }

                break;
            case [var log]:
                await foreach (var path in FilesAsync(log, cancellationToken))
                {
                    yield return path;
                }

                break;
            case [_, CheckpointFolder or KeyFolder]:
                await foreach (var number in NumbersAsync(folder, cancellationToken))
                {
                    yield return $"{folder}/{Text(number)}";
                }

                break;
        }
    }

    /// <summary>The files of a log up to its checkpoint, as far as its bundles are there.</summary>
    private async IAsyncEnumerable<string> FilesAsync(string log, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await CheckpointAsync(log, cancellationToken) is not { } held)
        {
            yield break;
        }

        long bundles = 0;
        for (; WidthIn(held.Size, 0, bundles) is var width and > 0; bundles++)
        {
            var entries = $"{log}/{TileId.Entries(bundles, width)}";
            var wide = $"{log}/{new TileId(TileKind.Wide, 0, bundles, width)}";
            if (await ReadAsync(entries, MaxBundleBytes, cancellationToken) is not null)
            {
                yield return entries;
            }
            else if (await ReadAsync(wide, MaxBundleBytes, cancellationToken) is { } bytes)
            {
                yield return wide;
                var decoded = EntryBundle.TryDecode(bytes, width, wide: true) ?? [];
                for (var i = 0; i < decoded.Count; i++)
                {
                    if (decoded[i].Entry is null)
                    {
                        yield return $"{log}/{new TileId(TileKind.Large, 0, (bundles * TileId.FullWidth) + i, TileId.FullWidth)}";
                    }
                }
            }
            else
            {
                break;
            }

            if (width == TileId.FullWidth)
            {
                yield return $"{log}/{new TileId(TileKind.Ids, 0, bundles, width)}";
            }
        }

        var reached = Math.Min(held.Size, bundles * TileId.FullWidth);
        for (var level = 0; level <= TileId.MaxLevel; level++)
        {
            for (long index = 0; WidthIn(reached, level, index) is var width and > 0; index++)
            {
                yield return $"{log}/{TileId.Hashes(level, index, width)}";
            }
        }

        await foreach (var path in PathsAsync($"{log}/{KeyFolder}", cancellationToken))
        {
            yield return path;
        }

        yield return $"{log}/{CheckpointFolder}/{Text(held.Size)}";
        foreach (var path in await CosignedAsync(log, cancellationToken))
        {
            yield return path;
        }
    }

    /// <summary>The cosignatures that the gateway shows with a checkpoint, by the paths that they have in a folder.</summary>
    private async Task<IEnumerable<string>> CosignedAsync(string log, CancellationToken cancellationToken) => await CheckpointAsync(log, cancellationToken) is { } held
        ? held.Cosigned.Keys.Select(witness => $"{log}/{CosignedFolder}/{witness}/{Text(held.Size)}")
        : [];

    /// <summary>The super-log, the logs that its newest heads name, and the epochs before each.</summary>
    private async IAsyncEnumerable<string> LogsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await CheckpointAsync(origin.SuperLog, cancellationToken) is null)
        {
            yield break;
        }

        yield return origin.SuperLog;
        foreach (var head in (await ScanAsync(cancellationToken)).Heads?.Logs ?? [])
        {
            if (!LogName.TryParse(head.Log, out var newest) || !origin.Has(head.Log))
            {
                continue;
            }

            for (var name = newest; name.Epoch >= 0 && await CheckpointAsync(name.ToString(), cancellationToken) is not null; name = name with { Epoch = name.Epoch - 1 })
            {
                yield return name.ToString();
            }
        }
    }

    private async Task<Held?> CheckpointAsync(string log, CancellationToken cancellationToken)
    {
        if (_checkpoints.TryGetValue(log, out var held))
        {
            return held;
        }

        if (log != origin.SuperLog && !_checkpoints.ContainsKey(origin.SuperLog))
        {
            await CheckpointAsync(origin.SuperLog, cancellationToken);
        }

        held = await FetchCheckpointAsync(log, cancellationToken);
        // A cache that keeps longer than it may: the super-log has seen a newer one.
        var pinned = _scan?.Heads?.Logs.FirstOrDefault(l => l.Log == log)?.Size ?? 0;
        for (var again = 0; again < 3 && held?.Size < pinned; again++)
        {
            await Task.Delay(Settling, time, cancellationToken);
            held = await FetchCheckpointAsync(log, cancellationToken);
        }

        for (var asked = 1; asked < MaxAsked && log == origin.SuperLog && held is not null && wanted is not null && !(held.Shown is { } shown && wanted(shown)); asked++)
        {
            await Task.Delay(AskAgain, time, cancellationToken);
            held = await FetchCheckpointAsync(log, cancellationToken);
        }

        _checkpoints[log] = held;
        if (log == origin.SuperLog)
        {
            await Task.Delay(Settling, time, cancellationToken);
        }

        return held;
    }

    private async Task<Held?> FetchCheckpointAsync(string log, CancellationToken cancellationToken) =>
        await fetch.GetAsync($"{Root}{log}/checkpoint", SignedNote.MaxBytes, fresh: true, cancellationToken) is { } note ? Take(log, note) : null;

    /// <summary>
    /// Taken apart into the log's own file, which has no cosignatures, and those that the gateway adds as they come. Of those each is a file, as the log keeps them; whether one
    /// holds is for who verifies.
    /// </summary>
    private Held Take(string log, byte[] bytes)
    {
        if (!SignedNote.TryParse(bytes, out var note))
        {
            return new Held(SizeOf(bytes), bytes, null, []);
        }

        var own = note.Signatures.Where(s => s.Name == origin.Of(log)).ToList();
        var cosigned = note.Signatures.Where(s => s.Name != origin.Of(log)).GroupBy(static s => s.KeyId.ToString("x8", CultureInfo.InvariantCulture)).ToDictionary(
            static g => g.Key, g => new SignedNote(note.Text, [.. own, .. g]).ToBytes(), StringComparer.Ordinal);
        return new Held(SizeOf(bytes), new SignedNote(note.Text, own).ToBytes(), note, cosigned);
    }

    private async Task<SuperScan> ScanAsync(CancellationToken cancellationToken)
    {
        if (_scan is not null)
        {
            return _scan;
        }

        var files = new LogFiles(this, origin.SuperLog);
        var size = (await CheckpointAsync(origin.SuperLog, cancellationToken))?.Size ?? 0;
        var scan = new SuperScan();
        for (long at = 0; at < size;)
        {
            var bundle = at / TileId.FullWidth;
            if (await files.TryEntriesAsync(bundle, WidthIn(size, 0, bundle), cancellationToken) is not { } entries)
            {
                break;
            }

            foreach (var leaf in entries)
            {
                if (KeyChange.TryOpen(leaf.Span, origin.Of(origin.SuperLog), out _))
                {
                    scan.Changes.Add((at, leaf.ToArray()));
                }
                else
                {
                    scan.Heads = HeadsLeaf.TryRead(leaf.Span) ?? scan.Heads;
                }

                at++;
            }
        }

        return _scan = scan;
    }

    /// <summary>What the note says, whoever signed it: whether that holds is for who verifies.</summary>
    private static long SizeOf(byte[] note) =>
        Encoding.UTF8.GetString(note).Split('\n') is [_, var size, ..] && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var read) ? read : 0;

    private static int WidthIn(long size, int level, long index) => (int)Math.Clamp((size >> (8 * level)) - (index * TileId.FullWidth), 0, TileId.FullWidth);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <param name="Size">Leaves that it covers.</param>
    /// <param name="Note">As the log signed it.</param>
    /// <param name="Shown">With everybody's signatures; null where it is no note.</param>
    /// <param name="Cosigned">For each witness by its key id, the note with that one's signature.</param>
    private sealed record Held(long Size, byte[] Note, SignedNote? Shown, Dictionary<string, byte[]> Cosigned);

    private sealed class SuperScan
    {
        internal List<(long Index, byte[] Leaf)> Changes { get; } = [];

        internal HeadsLeaf? Heads { get; set; }
    }
}
