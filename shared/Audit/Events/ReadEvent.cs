using Proofgate.Audit.Ledger;
using Proofgate.Audit.Sealing;

namespace Proofgate.Audit.Events;

/// <summary>An event as read from its bytes. Its personal part stays sealed.</summary>
public sealed record ReadEvent(SourceId Source, long Number, MerkleHash? Previous, AuditEvent Event, SealedPart? Personal);
