namespace Proofgate.Identity.ApiKeys;

/// <summary>Revoked keys never return.</summary>
public enum ApiKeyState
{
    Active,
    Revoked,
}
