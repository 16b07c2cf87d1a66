using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Proofgate.Identity.ApiKeys;

/// <summary>K2: HMAC-SHA256 of a whole key under a versioned pepper.</summary>
internal sealed class ApiKeyHasher
{
    private static readonly byte[] Nothing = new byte[HMACSHA256.HashSizeInBytes];

    private readonly FrozenDictionary<int, byte[]> _peppers;
    private readonly IKeyedDigest _digest;

    public ApiKeyHasher(IOptions<ApiKeyPepperOptions> options, IKeyedDigest digest)
    {
        _digest = digest;
        var peppers = new Dictionary<int, byte[]>();
        foreach (var (text, secret) in options.Value)
        {
            if (ApiKeyPepperOptions.TryVersion(text, out var version) && ApiKeyPepperOptions.TrySecret(secret) is { } bytes)
            {
                peppers[version] = bytes;
            }
        }

        NewestVersion = peppers.Count > 0
            ? peppers.Keys.Max()
            : throw new InvalidOperationException($"{ApiKeyPepperOptions.Section} holds no usable pepper.");
        _peppers = peppers.ToFrozenDictionary();
    }

    /// <summary>The pepper version that new keys are digested under.</summary>
    internal int NewestVersion { get; }

    /// <summary>The digest to store for a new key, under <see cref="NewestVersion"/>.</summary>
    internal byte[] Digest(ApiKey key)
    {
        var digest = new byte[HMACSHA256.HashSizeInBytes];
        Compute(key, _peppers[NewestVersion], digest);
        return digest;
    }

    /// <summary>
    /// Whether this is the key that the record was made for. Without a record, or without its pepper, the same work is done and the answer is no:
    /// time must not tell an unknown key from a wrong one.
    /// </summary>
    internal bool Verify(ApiKey key, ApiKeyRecord? record)
    {
        var known = _peppers.TryGetValue(record?.PepperVersion ?? NewestVersion, out var pepper) && record is not null;
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Compute(key, pepper ?? _peppers[NewestVersion], digest);
        return _digest.AreEqual(digest, known ? record!.Digest.Span : Nothing) & known;
    }

    internal bool HasPepper(int version) => _peppers.ContainsKey(version);

    private void Compute(ApiKey key, byte[] pepper, Span<byte> digest)
    {
        Span<byte> text = stackalloc byte[ApiKey.Length];
        key.CopyTo(text);
        _digest.Compute(pepper, text, digest);
        CryptographicOperations.ZeroMemory(text);
    }
}
