namespace Proofgate.AzureStores.Tests;

/// <summary>What becomes of one request.</summary>
internal enum Fault
{
    None,

    /// <summary>It never arrives.</summary>
    NotSent,

    /// <summary>It is done, and the answer is lost.</summary>
    ReplyLost,

    /// <summary>503 ServerBusy.</summary>
    Busy,

    /// <summary>429.</summary>
    Throttled,

    /// <summary>403 AuthorizationFailure.</summary>
    Forbidden,

    /// <summary>400 InvalidInput.</summary>
    Wrong,

    /// <summary>Nothing comes back.</summary>
    Hangs,
}
