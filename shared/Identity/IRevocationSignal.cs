namespace Proofgate.Identity;

/// <summary>Tells open streams that their credential no longer holds (K6).</summary>
public interface IRevocationSignal
{
    /// <summary>
    /// Watches the caller's credential. <see cref="ICallerWatch.Ended"/> fires within 5 s of a revocation, at the credential's expiry, and when
    /// the change feed has been silent for 4 s, because then nobody can say. It may have fired already. Dispose it with the stream.
    /// </summary>
    ICallerWatch Watch(Caller caller);
}
