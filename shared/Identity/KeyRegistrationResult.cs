namespace Proofgate.Identity;

/// <summary>What became of a request to bind something to a key pair (K4).</summary>
public abstract record KeyRegistrationResult
{
    private KeyRegistrationResult()
    {
    }

    /// <param name="Thumbprint">RFC 7638, SHA-256, base64url: of the key whose possession was proved.</param>
    public sealed record Proved(string Thumbprint) : KeyRegistrationResult;

    /// <param name="Description">One sentence for the caller, printable ASCII without quote and backslash.</param>
    public sealed record Refused(string Description) : KeyRegistrationResult
    {
        /// <summary>To be sent as <c>DPoP-Nonce</c>, where the proof needs one (D10).</summary>
        public string? Nonce { get; init; }
    }

    /// <summary>Whether the proof was used before cannot be checked at the moment: 503.</summary>
    public sealed record Unavailable : KeyRegistrationResult;
}
