using System.Net;

namespace Proofgate.Identity.Credentials;

/// <summary>The one credential of a request, unverified. Not a record: it must never print itself.</summary>
internal readonly struct Credential(CredentialCarrier carrier, ReadOnlyMemory<char> token, PresentedRequest request, IPAddress? address)
{
    internal CredentialCarrier Carrier { get; } = carrier;

    internal ReadOnlyMemory<char> Token { get; } = token;

    internal PresentedRequest Request { get; } = request;

    /// <summary>By N1.</summary>
    internal IPAddress? Address { get; } = address;

    public override string ToString() => $"({Carrier} credential)";
}
