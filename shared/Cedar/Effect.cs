namespace Proofgate.Cedar;

/// <summary>What a satisfied policy does.</summary>
public enum Effect
{
    Permit,
    Forbid,
}
