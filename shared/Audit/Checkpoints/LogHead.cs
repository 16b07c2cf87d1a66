using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Checkpoints;

/// <summary>One log as a checkpoint names it.</summary>
public sealed record LogHead(string Log, long Size, MerkleHash Root);
