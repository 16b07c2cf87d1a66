namespace Proofgate.Identity.Denials;

/// <summary>The deny list as stored. Each change writes a line of the change feed in the same transaction.</summary>
public interface IDenyStore
{
    /// <summary>The whole list of all tenants, lapsed entries included.</summary>
    Task<IReadOnlyList<DenyEntry>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Writes an entry, over one of the same name if there is one.</summary>
    Task PutAsync(DenyEntry entry, CancellationToken cancellationToken);

    /// <returns>False if somebody changed it since it was read; true also where it is gone by now.</returns>
    Task<bool> TryRemoveAsync(DenyEntry entry, CancellationToken cancellationToken);
}
