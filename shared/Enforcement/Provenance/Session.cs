using Proofgate.Policy;

namespace Proofgate.Enforcement.Provenance;

/// <summary>The session of one call, as far as this call knows it.</summary>
internal sealed class Session(SessionId id, SessionKey key, string digest, SessionRecord? record)
{
    internal SessionId Id => id;

    internal SessionKey Key => key;

    /// <summary>By which the ledger tells calls of one session.</summary>
    internal string Digest => digest;

    /// <summary>Null where the session begins with this call and is not kept yet.</summary>
    internal SessionRecord? Record { get; set; } = record;

    internal long RankIn(LabelScale scale) => Record?.RankIn(scale) ?? 0;
}
