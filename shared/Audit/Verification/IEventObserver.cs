using Proofgate.Audit.Events;

namespace Proofgate.Audit.Verification;

/// <summary>
/// Is shown each event while the evidence is verified, so that what is concluded from events is concluded from the very bytes that lead to the signed roots, and nothing
/// is read twice: who serves it could give others the second time.
/// </summary>
public interface IEventObserver
{
    /// <summary>The reading begins, or begins again: what was shown so far does not count.</summary>
    void Restart();

    /// <summary>Shows the next event, log by log in their order. What it throws ends the verification.</summary>
    ValueTask SeeAsync(ReadEvent read, CancellationToken cancellationToken);
}
