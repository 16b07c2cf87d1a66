using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Proofgate.Audit.Sealing;

/// <summary>HMAC-SHA256 of content under a key per tenant: it shows that two contents are equal to who holds the master key, and nothing to anybody else.</summary>
public sealed class ContentDigester(AuditKeys keys)
{
    private const int MaxCachedTenants = 1000;

    private readonly ConcurrentDictionary<string, byte[]> _keys = new(StringComparer.Ordinal);

    /// <returns>Lower-case hex.</returns>
    public string Digest(string tenant, ReadOnlySpan<byte> content) => Convert.ToHexStringLower(HMACSHA256.HashData(KeyOf(tenant), content));

    /// <summary>For content that comes in pieces; the caller disposes it and writes the result as lower-case hex.</summary>
    public IncrementalHash Start(string tenant) => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, KeyOf(tenant));

    private byte[] KeyOf(string tenant)
    {
        if (_keys.TryGetValue(tenant, out var key))
            return key;
        if (_keys.Count >= MaxCachedTenants)
            _keys.Clear();
        return _keys.GetOrAdd(tenant, static (t, k) => k.Derive("content", t), keys);
    }
}
