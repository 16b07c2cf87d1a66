using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Proofgate.Identity.ApiKeys;

/// <summary>
/// K2: HMAC-SHA256 of a whole key under a versioned pepper. A pepper that is added is used from its reload on. One that is wrong changes nothing; when all
/// are gone, because the vault was away for too long, no key is known any more.
/// </summary>
internal sealed class ApiKeyHasher : IDisposable
{
    private static readonly byte[] Nothing = new byte[HMACSHA256.HashSizeInBytes];

    private readonly IKeyedDigest _digest;
    private readonly IDisposable _changes;
    private PepperSet? _peppers;

    /// <param name="section"><see cref="ApiKeyPepperOptions.Section"/>.</param>
    /// <param name="digest">Computes and compares.</param>
    public ApiKeyHasher(IConfiguration section, IKeyedDigest digest)
    {
        _digest = digest;
        _peppers = PepperSet.Of(Read(section)) ?? throw new InvalidOperationException($"{ApiKeyPepperOptions.Section} holds no usable pepper.");
        _changes = ChangeToken.OnChange(section.GetReloadToken, () => Take(Read(section)));
    }

    /// <summary>Whether there is a pepper; else neither a key nor its absence can be told.</summary>
    internal bool IsReady => Volatile.Read(ref _peppers) is not null;

    /// <summary>What to store for a new key: its digest, and the pepper's version.</summary>
    internal (byte[] Digest, int Version) Digest(ApiKey key)
    {
        var peppers = Volatile.Read(ref _peppers) ?? throw new InvalidOperationException("There is no pepper: the vault was out of reach for too long.");
        var digest = new byte[HMACSHA256.HashSizeInBytes];
        Compute(key, peppers.Newest, digest);
        return (digest, peppers.NewestVersion);
    }

    /// <summary>
    /// Whether this is the key that the record was made for. Without a record, or without its pepper, the same work is done and the answer is no:
    /// time must not tell an unknown key from a wrong one.
    /// </summary>
    internal bool Verify(ApiKey key, ApiKeyRecord? record)
    {
        var peppers = Volatile.Read(ref _peppers);
        var pepper = record is null ? null : peppers?.Find(record.PepperVersion);
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Compute(key, pepper ?? peppers?.Newest ?? Nothing, digest);
        return _digest.AreEqual(digest, pepper is null ? Nothing : record!.Digest.Span) & pepper is not null;
    }

    internal bool HasPepper(int version) => Volatile.Read(ref _peppers)?.Find(version) is not null;

    public void Dispose() => _changes.Dispose();

    private static ApiKeyPepperOptions Read(IConfiguration section)
    {
        var options = new ApiKeyPepperOptions();
        section.Bind(options);
        return options;
    }

    private void Take(ApiKeyPepperOptions options)
    {
        if (options.Values.All(string.IsNullOrEmpty))
        {
            Volatile.Write(ref _peppers, null);
        }
        else if (!options.Problems().Any())
        {
            Volatile.Write(ref _peppers, PepperSet.Of(options));
        }
    }

    private void Compute(ApiKey key, byte[] pepper, Span<byte> digest)
    {
        Span<byte> text = stackalloc byte[ApiKey.Length];
        key.CopyTo(text);
        _digest.Compute(pepper, text, digest);
        CryptographicOperations.ZeroMemory(text);
    }
}
