namespace Proofgate.Identity.Credentials;

/// <summary>Where in a request its credential stood.</summary>
internal enum CredentialCarrier
{
    /// <summary><c>Authorization: Bearer</c>.</summary>
    Bearer,

    /// <summary><c>Authorization: DPoP</c>.</summary>
    DPoP,

    /// <summary><c>api-key</c> or <c>x-api-key</c>, which only API keys may use.</summary>
    KeyHeader,
}
