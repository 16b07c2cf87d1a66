namespace Proofgate.Audit.Verification;

/// <summary>What a finding means; its value is the exit code of <c>proofgate audit verify</c>. 13, 14, 16 and 17 belong to signatures, witnesses and decisions made again.</summary>
public enum VerificationCode
{
    Sound = 0,
    CannotRead = 3,
    BytesChanged = 10,
    Missing = 11,
    ReorderedOrDuplicated = 12,
    Signature = 13,
    RewriteAgainstWitness = 14,
    HoleWithoutGap = 15,
    DecisionDiffers = 16,
    Unwitnessed = 17,
}
