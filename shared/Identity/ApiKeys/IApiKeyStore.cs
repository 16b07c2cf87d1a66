namespace Proofgate.Identity.ApiKeys;

/// <summary>API keys as stored: records with a keyed digest, never a key.</summary>
public interface IApiKeyStore
{
    Task<ApiKeyRecord?> FindAsync(KeyId id, CancellationToken cancellationToken);

    /// <returns>False if the id is taken: make another key.</returns>
    Task<bool> TryInsertAsync(ApiKeyRecord record, CancellationToken cancellationToken);

    /// <summary>Writes the record and a line of the change feed in one transaction.</summary>
    /// <returns>False if somebody changed it since it was read (<see cref="ApiKeyRecord.Version"/>).</returns>
    Task<bool> TryUpdateAsync(ApiKeyRecord record, CancellationToken cancellationToken);

    /// <summary>Reads on as the caller takes them, in the ordinal order of their ids.</summary>
    /// <param name="after">Only those behind this id; null: all.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    IAsyncEnumerable<ApiKeyRecord> ListAsync(KeyId? after, CancellationToken cancellationToken);

    /// <summary>What was inserted or changed since then, the deny list included: one query. Readers overlap their windows, so clocks may differ.</summary>
    Task<KeyChanges> ReadChangesAsync(DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>Claims the one-time right to create the first administrator.</summary>
    /// <returns>False if it was claimed before.</returns>
    Task<bool> TryClaimInitializationAsync(KeyId firstKey, CancellationToken cancellationToken);
}
