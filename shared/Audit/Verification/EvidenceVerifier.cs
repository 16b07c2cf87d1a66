using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Tiles;

namespace Proofgate.Audit.Verification;

/// <summary>
/// Verifies a copy of the evidence with nothing but a public key: signatures, every leaf, tile and checkpoint, what the super-log pins, counters and
/// previous hashes, and what witnesses have seen. Checkpoints are roots of one tree that is computed leaf by leaf, so each goes on from the one before.
/// </summary>
public sealed class EvidenceVerifier(IEvidenceStore store)
{
    private readonly Dictionary<string, SortedDictionary<long, MerkleHash>> _pins = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<long, List<string>>> _seen = new(StringComparer.Ordinal);
    private readonly List<(long Index, KeyChange Change)> _changes = [];
    private readonly CosignedCheckpoints _cosigned = new(store);
    private VerificationTally _tally = new(new VerificationOptions());
    private long _checkpoints;
    private long _tiles;
    private long _bundles;
    private long _witnessed;
    private long _heartbeats;
    private DateTimeOffset? _latest;
    private int _keyFiles = -1;

    public async Task<EvidenceReport> VerifyAsync(EvidenceOptions options, CancellationToken cancellationToken)
    {
        while (true)
        {
            var known = _keyFiles;
            var report = await PassAsync(options, cancellationToken).ConfigureAwait(false);
            // The log's key may change while the evidence is read: what the new one signed is no stranger's.
            if (report.Report.Code != VerificationCode.Signature || _keyFiles == known || !await HasNewKeysAsync(options, cancellationToken).ConfigureAwait(false))
                return report;
        }
    }

    private async Task<EvidenceReport> PassAsync(EvidenceOptions options, CancellationToken cancellationToken)
    {
        _tally = new VerificationTally(options.Verification);
        (_checkpoints, _tiles, _bundles, _witnessed) = (0, 0, 0, 0);
        _pins.Clear();
        _seen.Clear();
        _changes.Clear();
        (_heartbeats, _latest) = (0, null);
        options.Observer?.Restart();
        var name = options.Pinned.Count > 0 ? options.Pinned[0].Name : "";
        if (LogOrigin.OfSuperLog(name) is not { } origin || options.Pinned.Any(p => p.Name != name))
        {
            _tally.Find(VerificationCode.Signature, name, null, "The pinned keys' name is not one super-log's: ...-super.");
        }
        else
        {
            try
            {
                var claimed = await ClaimedChangesAsync(origin, cancellationToken).ConfigureAwait(false);
                var keys = new LogKeys(options.Pinned, claimed);
                await WitnessesAsync(options, origin, keys, cancellationToken).ConfigureAwait(false);
                await SuperLogAsync(origin, keys, cancellationToken).ConfigureAwait(false);
                Unpinned(options.Pinned, origin);
                if (!claimed.TrueForAll(c => _changes.Exists(f => f.Change == c)))
                    _tally.Find(VerificationCode.Signature, origin.SuperLog, null, "A change of the key is claimed that the super-log does not hold.");
                await LogsAsync(origin, keys, options.Observer, cancellationToken).ConfigureAwait(false);
                if (options.Policy is not null && _witnessed == 0 && _tally.Code == VerificationCode.Sound)
                    _tally.Find(VerificationCode.Unwitnessed, origin.SuperLog, null, "No cosigned checkpoint meets the policy: nobody else vouches for this history.");
            }
            catch (EvidenceUnavailableException e)
            {
                _tally.Find(VerificationCode.CannotRead, "", null, e.Message);
            }
            catch (EvidenceDamagedException e)
            {
                // A file that is longer than it can be.
                _tally.Find(VerificationCode.BytesChanged, "", null, e.Message);
            }
        }

        return new EvidenceReport
        {
            Report = _tally.ToReport(),
            Checkpoints = _checkpoints,
            Tiles = _tiles,
            Bundles = _bundles,
            Heartbeats = _heartbeats,
            KeyChanges = _changes.Count,
            Latest = _latest,
            Witnessed = _witnessed,
        };
    }

    /// <summary>Changes of the key, each signed by both; whether the super-log holds them is seen when it is read.</summary>
    private async Task<List<KeyChange>> ClaimedChangesAsync(LogOrigin origin, CancellationToken cancellationToken)
    {
        var changes = new SortedDictionary<long, KeyChange>();
        var (folder, superLog) = (SuperLog.KeysFolderOf(origin), origin.Of(origin.SuperLog));
        await foreach (var number in store.NumbersAsync(folder, cancellationToken).ConfigureAwait(false))
        {
            var leaf = await store.ReadAsync(FormattableString.Invariant($"{folder}/{number}"), SignedNote.MaxBytes, cancellationToken).ConfigureAwait(false);
            if (leaf is not null && KeyChange.TryOpen(leaf, superLog, out var change))
                changes[number] = change;
            else
                _tally.Find(VerificationCode.Signature, origin.SuperLog, $"keys/{number}", "A change of the key that both keys have not signed.");
        }

        _keyFiles = changes.Count;
        return [.. changes.Values];
    }

    private async Task<bool> HasNewKeysAsync(EvidenceOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return LogOrigin.OfSuperLog(options.Pinned[0].Name) is { } origin
                && await store.NumbersAsync(SuperLog.KeysFolderOf(origin), cancellationToken).CountAsync(cancellationToken).ConfigureAwait(false) > _keyFiles;
        }
        catch (EvidenceUnavailableException)
        {
            return false;
        }
    }

    /// <summary>Each change of the key has both its keys pinned, or is a finding that names the one that is not.</summary>
    private void Unpinned(IReadOnlyList<VerifierKey> pinned, LogOrigin origin)
    {
        foreach (var (index, change) in _changes)
        {
            foreach (var (key, role) in (ReadOnlySpan<(VerifierKey, string)>)[(change.Old, "from"), (change.New, "to")])
            {
                if (!pinned.Contains(key))
                    _tally.Find(VerificationCode.Signature, origin.SuperLog, $"leaf {index}", $"The key was changed {role} {key}, which is not pinned. If the operator confirms that key by another way, pin it too.");
            }
        }
    }

    /// <summary>What witnesses have seen: in the records that were given, and in the evidence itself.</summary>
    private async Task WitnessesAsync(EvidenceOptions options, LogOrigin origin, LogKeys keys, CancellationToken cancellationToken)
    {
        var notes = await _cosigned.ReadAsync(origin, keys, options.Policy, _tally, cancellationToken).ConfigureAwait(false);
        if (options.Policy is not { } policy)
            return;
        foreach (var note in CosignedCheckpoints.Merge(notes.Concat(CosignedCheckpoints.Parse(options.Witnessed))))
        {
            if (policy.IsMetBy(note) && Checkpoint.TryParse(note.Text.Span, out var checkpoint) && checkpoint.Origin.StartsWith(origin.Prefix + "/", StringComparison.Ordinal))
                Add(_seen, checkpoint.Origin[(origin.Prefix.Length + 1)..], checkpoint.Size).Add(checkpoint.Root.ToString());
        }
    }

    private async Task SuperLogAsync(LogOrigin origin, LogKeys keys, CancellationToken cancellationToken)
    {
        await LogAsync(origin, origin.SuperLog, keys, (index, leaf) =>
        {
            if (HeadsLeaf.TryRead(leaf.Span) is { } read)
            {
                if (_latest is { } before && read.Time < before)
                    _tally.Find(VerificationCode.ReorderedOrDuplicated, origin.SuperLog, $"leaf {index}", "The super-log's time runs backwards.");
                if (_latest is { } then && read.Time - then > TimeSpan.FromMinutes(2))
                    _tally.Note("silence", origin.SuperLog, index, $"No leaf from {then:u} to {read.Time:u}.");
                _latest = read.Time;
                _heartbeats++;
                foreach (var head in read.Logs)
                {
                    var pins = _pins.TryGetValue(head.Log, out var held) ? held : _pins[head.Log] = [];
                    if (!pins.TryAdd(head.Size, head.Root) && pins[head.Size] != head.Root)
                        _tally.Find(VerificationCode.BytesChanged, origin.SuperLog, $"leaf {index}", $"{head.Log} has two roots at size {head.Size}.");
                }
            }
            else if (KeyChange.TryOpen(leaf.Span, origin.Of(origin.SuperLog), out var change))
            {
                _changes.Add((index, change));
            }
            else
            {
                _tally.Find(VerificationCode.BytesChanged, origin.SuperLog, $"leaf {index}", "A leaf that is neither heads nor a change of the key.");
            }

            return ValueTask.CompletedTask;
        }, cancellationToken).ConfigureAwait(false);
    }

    private async Task LogsAsync(LogOrigin origin, LogKeys keys, IEventObserver? observer, CancellationToken cancellationToken)
    {
        var names = new SortedSet<string>(_pins.Keys, StringComparer.Ordinal);
        await foreach (var path in store.PathsAsync("", cancellationToken).ConfigureAwait(false))
        {
            var folder = path.Split('/')[0];
            if (folder != origin.SuperLog && origin.Has(folder))
                names.Add(folder);
        }

        VerifiedLog? before = null;
        foreach (var log in names)
        {
            if (!LogName.TryParse(log, out var name) || !origin.Has(log))
            {
                _tally.Find(VerificationCode.BytesChanged, log, null, "The super-log names a log that this deployment cannot have.");
                continue;
            }

            before = before is not null && before.Name.NextEpoch() == name ? before : null;
            if (before is null && name.Epoch > 0)
                _tally.Find(VerificationCode.Missing, name, null, $"The epoch before {name} is missing.");
            else if (before is { Closed: false })
                _tally.Find(VerificationCode.Missing, before.Name, null, "The epoch has a successor but no closing leaf.");
            var rules = new BundleRules(name, before, _tally);
            var leaves = new EventLeaves();
            var (size, root) = await LogAsync(origin, log, keys, (index, leaf) =>
            {
                rules.Apply(index, leaf.Span);
                return observer is not null && leaves.Read(leaf.Span) is { } read ? observer.SeeAsync(read, cancellationToken) : ValueTask.CompletedTask;
            }, cancellationToken).ConfigureAwait(false);
            rules.Finish(size);
            before = new VerifiedLog(name, size, root, rules.Closed);
            _tally.Logs.Add(before);
        }
    }

    private async Task<(long Size, MerkleHash Root)> LogAsync(
        LogOrigin origin, string log, LogKeys keys, Func<long, ReadOnlyMemory<byte>, ValueTask> take, CancellationToken cancellationToken)
    {
        var files = new LogFiles(store, log);
        var sizes = new SortedSet<long>();
        await foreach (var number in store.NumbersAsync(files.CheckpointFolder, cancellationToken).ConfigureAwait(false))
            sizes.Add(number);
        var tree = new TreeCheck(store, files, (code, path, message) => _tally.Find(code, log, path, message));
        var ids = new IndexCheck(store, files, (code, path, message) => _tally.Find(code, log, path, message));
        var end = sizes.Count > 0 ? sizes.Max : 0;
        foreach (var seen in _seen.GetValueOrDefault(log)?.Keys.Where(s => s > end).TakeLast(1) ?? [])
            _tally.Find(VerificationCode.RewriteAgainstWitness, log, null, $"A witness has seen {seen} leaves and the newest checkpoint has {end}: what it saw is gone.");
        if (sizes.Count == 0 && log != origin.SuperLog && !_pins.ContainsKey(log))
            _tally.Note("unsigned", log, 0, "Nothing of this log has been signed yet: it may have just begun.");
        else if (sizes.Count == 0)
            _tally.Find(VerificationCode.Missing, log, null, "There is no checkpoint of this log.");
        var isUnsigned = sizes.Count > 0 && await OpenAsync(origin, log, files, end, keys, cancellationToken).ConfigureAwait(false) is null;
        if (isUnsigned)
            NotSigned(log, end);
        foreach (var pinned in _pins.GetValueOrDefault(log)?.Keys.Where(s => s > end).TakeLast(1) ?? [])
            _tally.Find(VerificationCode.Missing, log, null, $"The super-log pins {pinned} leaves and the newest checkpoint has {end}: the tail is missing.");
        for (long at = 0; at <= end;)
        {
            if (at % TileId.FullWidth == 0)
                await CheckSizeAsync(origin, log, files, tree, at, sizes, keys, at == end && isUnsigned, cancellationToken).ConfigureAwait(false);
            if (at == end)
                break;
            var (index, width) = (at / TileId.FullWidth, TileId.WidthIn(end, 0, at / TileId.FullWidth));
            IReadOnlyList<ReadOnlyMemory<byte>>? entries = null;
            try
            {
                entries = await files.TryEntriesAsync(index, width, cancellationToken).ConfigureAwait(false);
            }
            catch (EvidenceDamagedException e)
            {
                _tally.Find(VerificationCode.BytesChanged, log, null, e.Message);
            }

            if (entries is null)
            {
                await LostAsync(log, files, index, width, cancellationToken).ConfigureAwait(false);
                break;
            }

            _bundles++;
            await CompareAsync(log, files, index, entries, cancellationToken).ConfigureAwait(false);
            await ids.CompareAsync(index, entries, cancellationToken).ConfigureAwait(false);
            foreach (var entry in entries)
            {
                await tree.AppendAsync(MerkleHash.OfLeaf(entry.Span), cancellationToken).ConfigureAwait(false);
                await take(at, entry).ConfigureAwait(false);
                at++;
                _tally.CountRow();
                if (at % TileId.FullWidth != 0)
                    await CheckSizeAsync(origin, log, files, tree, at, sizes, keys, at == end && isUnsigned, cancellationToken).ConfigureAwait(false);
            }
        }

        await ids.ExtraAsync(end, cancellationToken).ConfigureAwait(false);
        _tiles += tree.Tiles;
        return (end, tree.Root);
    }

    /// <summary>Entries against their hashes, before the rules judge what they say: changed bytes can look like a hole.</summary>
    private async Task CompareAsync(string log, LogFiles files, long index, IReadOnlyList<ReadOnlyMemory<byte>> entries, CancellationToken cancellationToken)
    {
        var tile = TileId.Hashes(0, index, entries.Count);
        if (await files.TryHashesAsync(tile, cancellationToken).ConfigureAwait(false) is not { } held)
            return;
        var hashes = entries.Select(static e => MerkleHash.OfLeaf(e.Span)).ToList();
        if (hashes.SequenceEqual(held))
            return;
        var moved = hashes.Select(static h => h.ToString()).Order().SequenceEqual(held.Select(static h => h.ToString()).Order());
        _tally.Find(
            moved ? VerificationCode.ReorderedOrDuplicated : VerificationCode.BytesChanged, log, files.PathOf(tile), "The entries of the bundle do not give the hashes of the tile.");
    }

    /// <summary>A bundle that cannot be taken apart: changed if it is there, missing if not.</summary>
    private async Task LostAsync(string log, LogFiles files, long index, int width, CancellationToken cancellationToken)
    {
        var paths = new List<string>();
        foreach (var kind in (TileKind[])[TileKind.Entries, TileKind.Wide])
        {
            var path = files.PathOf(new TileId(kind, 0, index, width));
            if (await store.ReadAsync(path, EntryBundle.MaxBytes, cancellationToken).ConfigureAwait(false) is not null)
                paths.Add(path);
        }

        if (paths.Count > 0)
            _tally.Find(VerificationCode.BytesChanged, log, paths[0], "The bundle was changed, or a long entry of it is missing. What follows cannot be computed.");
        else
            _tally.Find(VerificationCode.Missing, log, files.PathOf(TileId.Entries(index, width)), "The bundle is missing. What follows cannot be computed.");
    }

    private async Task CheckSizeAsync(
        LogOrigin origin, string log, LogFiles files, TreeCheck tree, long size, SortedSet<long> sizes, LogKeys keys, bool isTold, CancellationToken cancellationToken)
    {
        var signed = sizes.Contains(size);
        var pin = _pins.GetValueOrDefault(log)?.TryGetValue(size, out var pinned) == true ? pinned : default(MerkleHash?);
        var seen = _seen.GetValueOrDefault(log)?.GetValueOrDefault(size);
        if (!signed && pin is null && seen is null && !_cosigned.RootsAt(log, size).Any())
            return;
        var root = tree.Root;
        if (signed)
        {
            if (await OpenAsync(origin, log, files, size, keys, cancellationToken).ConfigureAwait(false) is not { } opened)
            {
                if (!isTold)
                    NotSigned(log, size);
            }
            else if (opened.Checkpoint.Root != root)
            {
                _tally.Find(VerificationCode.BytesChanged, log, $"checkpoints/{size}", "The leaves do not give the root that was signed.");
            }
            else
            {
                _checkpoints++;
            }

            await tree.PartialsAsync(cancellationToken).ConfigureAwait(false);
        }

        foreach (var other in _cosigned.RootsAt(log, size))
        {
            if (other != root)
                _tally.Find(VerificationCode.RewriteAgainstWitness, log, null, $"The log has signed another root at size {size}, and a witness has cosigned it: this history was rewritten.");
        }

        if (pin is { } expected && expected != root)
            _tally.Find(VerificationCode.BytesChanged, log, null, $"The leaves do not give the root that the super-log pins at size {size}.");
        foreach (var other in seen ?? [])
        {
            if (other == root.ToString())
                _witnessed++;
            else
                _tally.Find(VerificationCode.RewriteAgainstWitness, log, null, $"A witness has seen another root at size {size}: this history was rewritten.");
        }
    }

    private async Task<SignedCheckpoint?> OpenAsync(LogOrigin origin, string log, LogFiles files, long size, LogKeys keys, CancellationToken cancellationToken) =>
        await new CheckpointFiles(store, files, origin.Of(log)).ReadAsync(size, KeysAt(origin, log, keys, size), cancellationToken).ConfigureAwait(false);

    private void NotSigned(string log, long size) =>
        _tally.Find(VerificationCode.Signature, log, $"checkpoints/{size}", "Not a checkpoint of this log that its key has signed.");

    /// <summary>In the super-log a key that was handed over signs nothing after the leaf that says so.</summary>
    private List<VerifierKey> KeysAt(LogOrigin origin, string log, LogKeys keys, long size)
    {
        var known = keys.For(origin.Of(log)).ToList();
        foreach (var (index, change) in log == origin.SuperLog ? _changes : [])
        {
            if (index >= size - 1)
                break;
            known.Remove(change.Old);
            known.Add(change.New);
        }

        return known;
    }

    private static List<string> Add(Dictionary<string, SortedDictionary<long, List<string>>> all, string log, long size)
    {
        var sizes = all.TryGetValue(log, out var held) ? held : all[log] = [];
        return sizes.TryGetValue(size, out var roots) ? roots : sizes[size] = [];
    }
}
