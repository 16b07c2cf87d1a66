using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Notes;

namespace Proofgate.Audit.Verification;

/// <summary>What a copy of the evidence is verified against.</summary>
public sealed record EvidenceOptions
{
    /// <summary>The super-log's key, told out of band. Its name is the super-log's origin.</summary>
    public required VerifierKey Pinned { get; init; }

    /// <summary>Who must have cosigned; null: nobody is asked for.</summary>
    public WitnessPolicy? Policy { get; init; }

    /// <summary>Cosigned checkpoints as witnesses hold them, in any order.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Witnessed { get; init; } = [];

    public VerificationOptions Verification { get; init; } = new();
}
