namespace Proofgate.Audit.Events;

/// <summary>
/// A name that the client sent. <paramref name="Catalogue"/> is set only where the catalogue has it; any other name is recorded as its
/// length in UTF-8 bytes and its HMAC-SHA256 under the tenant's key (lower-case hex).
/// </summary>
public sealed record ClientName(string? Catalogue, long Length, string? Digest);
