namespace Proofgate.Enforcement;

/// <summary>Sessions that all instances share. Nothing in it lowers a label: a record is made, and raised, and is gone some time after its end.</summary>
public interface ISessionStore
{
    /// <returns>Null if there is none. What was raised before is in it: no copy is asked that may be older.</returns>
    /// <exception cref="SessionUnavailableException">Nobody knows.</exception>
    ValueTask<SessionRecord?> FindAsync(SessionKey key, CancellationToken cancellationToken);

    /// <summary>Makes a session, under a key that was never used.</summary>
    /// <exception cref="SessionUnavailableException">It may not have been made.</exception>
    ValueTask CreateAsync(SessionKey key, SessionRecord record, CancellationToken cancellationToken);

    /// <summary>Adds a label to what the session has reached by now, whoever else does so at the same time.</summary>
    /// <returns>What it has reached then; null if there is no such session.</returns>
    /// <exception cref="SessionUnavailableException">It may not have been added.</exception>
    ValueTask<SessionRecord?> RaiseAsync(SessionKey key, string label, CancellationToken cancellationToken);
}
