using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Proofgate.Audit;
using Proofgate.AzureStores.Accounts;

namespace Proofgate.AzureStores.Evidence;

/// <summary>
/// Evidence in one container: creations that fail where a blob is, and reads; there is no other operation in here. A deployment locks the container's
/// retention. Numbered files are stored under <c>long.MaxValue - number</c>, so that the highest comes first in a listing.
/// </summary>
internal sealed class BlobEvidenceStore(BlobContainerClient container) : IEvidenceStore
{
    private static readonly BlobRequestConditions IfNew = new() { IfNoneMatch = ETag.All };

    public async Task<bool> InsertAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        try
        {
            await container.GetBlobClient(NameOf(path))
                .UploadAsync(new BinaryData(content), new BlobUploadOptions { Conditions = IfNew }, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobAlreadyExists || e.Status == 412)
        {
            // Also the answer to a retry whose first attempt was done: the caller compares what is there.
            return false;
        }
        catch (RequestFailedException e) when (e.Status == 403)
        {
            // Who may create and not write is refused where a blob is, before the condition is looked at.
            return await ExistsAsync(path, cancellationToken).ConfigureAwait(false) ? false : throw Unavailable("written", e);
        }
        catch (Exception e) when (Outage.Is(e, cancellationToken))
        {
            throw Unavailable("written", e);
        }
    }

    public async Task<byte[]?> ReadAsync(string path, int maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await container.GetBlobClient(NameOf(path)).DownloadStreamingAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            using var blob = answer.Value;
            if (blob.Details.ContentLength > maxBytes)
                throw new EvidenceDamagedException($"'{path}' has {blob.Details.ContentLength} bytes, which is more than it can have.");
            var bytes = new byte[blob.Details.ContentLength];
            await blob.Content.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
            return bytes;
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
        catch (Exception e) when (Outage.Is(e, cancellationToken))
        {
            throw Unavailable("read", e);
        }
    }

    public async Task<long?> HighestAsync(string folder, CancellationToken cancellationToken)
    {
        await foreach (var number in NumbersAsync(folder, cancellationToken).ConfigureAwait(false))
            return number;
        return null;
    }

    public async IAsyncEnumerable<long> NumbersAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var name in NamesAsync(folder + "/", cancellationToken).ConfigureAwait(false))
        {
            if (IsNumbered(folder) && long.TryParse(name.AsSpan(folder.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var inverted))
                yield return long.MaxValue - inverted;
        }
    }

    public async IAsyncEnumerable<string> PathsAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var name in NamesAsync(folder.Length == 0 ? null : folder + "/", cancellationToken).ConfigureAwait(false))
            yield return PathOf(name);
    }

    private async Task<bool> ExistsAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await container.GetBlobClient(NameOf(path)).ExistsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (Outage.Is(e, cancellationToken))
        {
            throw Unavailable("written", e);
        }
    }

    private async IAsyncEnumerable<string> NamesAsync(string? prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var blobs = container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (blobs.ConfigureAwait(false))
        {
            while (await NextAsync(blobs, cancellationToken).ConfigureAwait(false))
                yield return blobs.Current.Name;
        }
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<BlobItem> blobs, CancellationToken cancellationToken)
    {
        try
        {
            return await blobs.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (Outage.Is(e, cancellationToken))
        {
            throw Unavailable("listed", e);
        }
    }

    private static string NameOf(string path) => Invert(path, static number => (long.MaxValue - number).ToString("D19", CultureInfo.InvariantCulture));

    private static string PathOf(string name) => Invert(name, static number => (long.MaxValue - number).ToString(CultureInfo.InvariantCulture));

    private static string Invert(string path, Func<long, string> spell)
    {
        var slash = path.LastIndexOf('/');
        return slash > 0 && IsNumbered(path[..slash]) && long.TryParse(path.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? $"{path[..slash]}/{spell(number)}"
            : path;
    }

    private static bool IsNumbered(string folder) => folder.Split('/') is [_, "checkpoints" or "keys"] or [_, "cosigned", _];

    private EvidenceUnavailableException Unavailable(string what, Exception e) =>
        new($"Container '{container.Name}' could not be {what}: {Outage.Describe(e)}.", e);
}
