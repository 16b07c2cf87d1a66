namespace Proofgate.Http;

/// <summary>Whether a route passes through every control, or is open to anybody by design.</summary>
public enum Access
{
    /// <summary>Authenticated, decided by policy, limited and audited.</summary>
    Controlled,

    /// <summary>Health and resource metadata: nothing that a caller is needed for.</summary>
    Open,

    /// <summary>Checkpoints and hash tiles: for anybody, limited by address, because each costs a look at storage.</summary>
    Published,

    /// <summary>The one act before any credential exists: it takes the deployment's one-time token, once.</summary>
    Bootstrap,

    /// <summary>Anybody may report a leaked key (K7): limited by address, and told nothing of what became of it.</summary>
    Report,
}
