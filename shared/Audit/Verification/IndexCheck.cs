using Proofgate.Audit.Tiles;

namespace Proofgate.Audit.Verification;

/// <summary>Compares the files by which events are found with what the leaves give: wrong, missing, and those that no leaves stand for.</summary>
internal sealed class IndexCheck(IEvidenceStore store, LogFiles files, Action<VerificationCode, string, string> find)
{
    /// <summary>The file of a bundle whose entries are at hand; there is one for each full bundle.</summary>
    internal async Task CompareAsync(long index, IReadOnlyList<ReadOnlyMemory<byte>> entries, CancellationToken cancellationToken)
    {
        if (entries.Count < TileId.FullWidth)
            return;
        var path = files.PathOf(new TileId(TileKind.Ids, 0, index, TileId.FullWidth));
        byte[]? held;
        try
        {
            held = await store.ReadAsync(path, IdTile.MaxBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (EvidenceDamagedException)
        {
            held = [];
        }

        if (held is null)
            find(VerificationCode.Missing, path, "The id index of these leaves is missing.");
        else if (!held.AsSpan().SequenceEqual(IdTile.Encode(entries)))
            find(VerificationCode.BytesChanged, path, "The id index is not what the leaves give.");
    }

    /// <summary>
    /// Files beyond the checkpoint of <paramref name="size"/> leaves. A log that is being written has them before it is signed: then their bundle is
    /// there too, and they are what it gives.
    /// </summary>
    internal async Task ExtraAsync(long size, CancellationToken cancellationToken)
    {
        var folder = $"{files.Log}/index";
        await foreach (var path in store.PathsAsync(folder, cancellationToken).ConfigureAwait(false))
        {
            if (!TileId.TryParseIds(path[(folder.Length + 1)..], out var id))
                find(VerificationCode.BytesChanged, path, "A file of the id index that is never written.");
            else if (id.Index >= size / TileId.FullWidth)
                await BeyondAsync(id, path, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task BeyondAsync(TileId id, string path, CancellationToken cancellationToken)
    {
        if (await files.TryEntriesAsync(id.Index, TileId.FullWidth, cancellationToken).ConfigureAwait(false) is { } entries)
            await CompareAsync(id.Index, entries, cancellationToken).ConfigureAwait(false);
        else
            find(VerificationCode.BytesChanged, path, "A file of the id index for leaves that the log does not have.");
    }
}
