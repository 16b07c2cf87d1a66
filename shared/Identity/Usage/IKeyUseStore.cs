namespace Proofgate.Identity.Usage;

/// <summary>K8: the day of each key's last use, apart from the keys' records, which a gateway may not write.</summary>
public interface IKeyUseStore
{
    /// <summary>Notes a use; an earlier day than the stored one changes nothing.</summary>
    Task NoteAsync(KeyId id, DateOnly day, CancellationToken cancellationToken);

    /// <summary>The days of the keys from one id to another, both included, in ordinal order. Keys that were never used are not in it.</summary>
    Task<IReadOnlyDictionary<KeyId, DateOnly>> ReadAsync(KeyId from, KeyId to, CancellationToken cancellationToken);
}
