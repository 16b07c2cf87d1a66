namespace Proofgate.Inference.Relay;

/// <summary>Why a stream ends early, as the client is told in-band.</summary>
public sealed record StreamFault(string Code, string Message)
{
    /// <summary>The call may not go on: policy says so by now, or the credential does not hold any more.</summary>
    public static StreamFault Ended(bool byPolicy) => byPolicy
        ? new("policy_denied", "Policy does not allow this call any longer.")
        : new("revoked", "The credential of this call was revoked or has expired.");
}
