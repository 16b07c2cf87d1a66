namespace Proofgate.Audit;

/// <summary>Data keys, one a subject, that seal the personal part of events. Deleting one erases the person; the log stays whole.</summary>
public interface ISubjectKeyStore
{
    Task<SubjectKeyRecord?> FindAsync(string lookup, CancellationToken cancellationToken);

    /// <returns>False if the subject has a key already: read that one.</returns>
    Task<bool> TryInsertAsync(SubjectKeyRecord record, CancellationToken cancellationToken);

    /// <returns>False if there was none.</returns>
    Task<bool> DeleteAsync(string lookup, CancellationToken cancellationToken);
}
