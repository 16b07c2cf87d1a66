using Proofgate.Enforcement;

namespace Proofgate.Http.Endpoints;

/// <summary>What a caller attached to a call, verified.</summary>
internal sealed record Attachments(IReadOnlyList<LineageClaim> Lineage, SessionChoice? Session);
