using Proofgate.Enforcement;

namespace Proofgate.Tests.Support;

/// <summary>A store of sessions that is out of reach when told, and can be watched.</summary>
internal sealed class FlakySessions(ISessionStore store) : ISessionStore
{
    internal bool Down { get; set; }

    /// <summary>Runs before a label is kept.</summary>
    internal Action? Keeping { get; set; }

    internal int Asked { get; private set; }

    internal int Kept { get; private set; }

    public ValueTask<SessionRecord?> FindAsync(SessionKey key, CancellationToken cancellationToken)
    {
        Asked++;
        return Down ? throw new SessionUnavailableException("down") : store.FindAsync(key, cancellationToken);
    }

    public ValueTask CreateAsync(SessionKey key, SessionRecord record, CancellationToken cancellationToken)
    {
        Keep();
        return store.CreateAsync(key, record, cancellationToken);
    }

    public ValueTask<SessionRecord?> RaiseAsync(SessionKey key, string label, CancellationToken cancellationToken)
    {
        Keep();
        return store.RaiseAsync(key, label, cancellationToken);
    }

    private void Keep()
    {
        Keeping?.Invoke();
        if (Down)
        {
            throw new SessionUnavailableException("down");
        }

        Kept++;
    }
}
