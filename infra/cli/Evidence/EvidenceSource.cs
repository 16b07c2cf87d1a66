using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Notes;
using Proofgate.Cli.Gateway;

namespace Proofgate.Cli.Evidence;

/// <summary>Evidence somewhere, and the keys that its log is pinned to.</summary>
/// <param name="Store">A folder, a container, or what a gateway serves.</param>
/// <param name="Keys">The super-log's keys, the present one first.</param>
/// <param name="Origin">What the keys' name says of the logs.</param>
/// <param name="Named">How the place is shown.</param>
internal sealed record EvidenceSource(IEvidenceStore Store, IReadOnlyList<VerifierKey> Keys, LogOrigin Origin, string Named) : IDisposable
{
    /// <summary>The one that signs now.</summary>
    internal VerifierKey Key => Keys[0];

    /// <summary>Set where a gateway serves it.</summary>
    internal GatewayClient? Gateway { get; init; }

    /// <summary>Beside <see cref="Gateway"/>.</summary>
    internal EvidenceFetch? Fetch { get; init; }

    public void Dispose() => Gateway?.Dispose();
}
