namespace Proofgate.Identity.Proofs;

/// <summary>Whether a proof is used for the first time.</summary>
internal enum ReplayAnswer
{
    /// <summary>Nobody can say.</summary>
    Unknown,

    First,

    Again,
}
