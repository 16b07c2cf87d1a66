namespace Proofgate.Policy;

/// <summary>
/// Where signed bundles and the records of their activation are kept. Nothing in it is trusted: whoever reads a record checks its signatures, and
/// whoever reads a pack its digest. There is no update and no delete to call.
/// </summary>
public interface IBundleStore
{
    /// <summary>The records with the highest numbers, highest first.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<IReadOnlyList<StoredActivation>> ReadNewestAsync(int atMost, CancellationToken cancellationToken);

    /// <returns>False if there is another record with its number.</returns>
    /// <exception cref="IOException">The store is out of reach; whether the record was written is unknown.</exception>
    Task<bool> TryInsertAsync(StoredActivation activation, CancellationToken cancellationToken);

    /// <returns>The pack, or null: there is none of this digest.</returns>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task<ReadOnlyMemory<byte>?> FindPackAsync(string digest, CancellationToken cancellationToken);

    /// <summary>Keeps a pack for ever. One that is there already is left as it is.</summary>
    /// <exception cref="IOException">The store is out of reach.</exception>
    Task KeepPackAsync(string digest, ReadOnlyMemory<byte> pack, CancellationToken cancellationToken);
}
