using Proofgate.Policy;

namespace Proofgate.Enforcement;

/// <summary>
/// Step 6 of a call's path (DESIGN.md): fetches what a call asks its prompt to stand on. Implemented by the data room; the pipeline asks it once, after the first
/// decision and before anything of the call is inspected.
/// </summary>
public interface IGroundingSource
{
    /// <summary>
    /// Fetches all of <see cref="Call.Grounding"/> or nothing. Each dataset has a decision of its own, whose event is acknowledged before the dataset is
    /// read; columns and rows that the caller may not read are not fetched.
    /// </summary>
    /// <param name="call">The call. Its caller and bundle are those that every question is asked with.</param>
    /// <param name="inquiry">The call's questions to policy: one bundle and one moment for all of them.</param>
    /// <param name="cancellationToken">Fires when the client has left.</param>
    /// <exception cref="Audit.AuditUnavailableException">A decision could not be recorded: the pipeline answers 503.</exception>
    ValueTask<GroundingResult> FetchAsync(Call call, Inquiry inquiry, CancellationToken cancellationToken);
}
