using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Notes;
using Proofgate.Cli.Gateway;

namespace Proofgate.Cli.Evidence;

/// <summary>Evidence somewhere, and the key that its log is pinned to.</summary>
/// <param name="Store">A folder, a container, or what a gateway serves.</param>
/// <param name="Key">The super-log's key.</param>
/// <param name="Origin">What the key's name says of the logs.</param>
/// <param name="Named">How the place is shown.</param>
internal sealed record EvidenceSource(IEvidenceStore Store, VerifierKey Key, LogOrigin Origin, string Named) : IDisposable
{
    /// <summary>Set where a gateway serves it.</summary>
    internal GatewayClient? Gateway { get; init; }

    /// <summary>Beside <see cref="Gateway"/>.</summary>
    internal EvidenceFetch? Fetch { get; init; }

    public void Dispose() => Gateway?.Dispose();
}
