using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Verification;

/// <summary>One log as recomputed from its rows.</summary>
public sealed record VerifiedLog(LogName Name, long Size, MerkleHash Root, bool Closed);
