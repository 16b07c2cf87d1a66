namespace Proofgate.Policy;

/// <summary>What happened to a bundle, as the ledger records it.</summary>
public enum PolicyAct
{
    Activated,

    /// <summary>Activated, and it was active before the one that it replaces.</summary>
    RolledBack,

    /// <summary>Activated by its record, and not taken by this instance.</summary>
    Rejected,
}
