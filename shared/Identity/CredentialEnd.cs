namespace Proofgate.Identity;

/// <summary>Why a credential stopped holding while it was in use.</summary>
public enum CredentialEnd
{
    Revoked,
    Expired,

    /// <summary>The store of keys has been out of reach for too long to trust what was read from it.</summary>
    Unverifiable,
}
