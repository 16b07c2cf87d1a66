using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Notes;

namespace Proofgate.Audit.Verification;

/// <summary>What a copy of the evidence is verified against.</summary>
public sealed record EvidenceOptions
{
    /// <summary>
    /// The super-log's keys, told out of band: the one that signs now, and those before it. Their name is the super-log's origin. A key that a change leads to
    /// and that is not among them is followed, and is a finding: whoever stole a key could have handed it over.
    /// </summary>
    public required IReadOnlyList<VerifierKey> Pinned { get; init; }

    /// <summary>Who must have cosigned; null: nobody is asked for.</summary>
    public WitnessPolicy? Policy { get; init; }

    /// <summary>Cosigned checkpoints as witnesses hold them, in any order.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Witnessed { get; init; } = [];

    /// <summary>Is shown each event as it is read.</summary>
    public IEventObserver? Observer { get; init; }

    public VerificationOptions Verification { get; init; } = new();
}
