namespace Proofgate.Identity.Tokens;

/// <summary>An issuer's metadata or keys could not be read, or are not what they must be.</summary>
internal sealed class IssuerOutageException(string message) : Exception(message);
