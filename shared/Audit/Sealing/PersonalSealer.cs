using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Proofgate.Audit.Sealing;

/// <summary>
/// Seals the personal part of events: AES-256-GCM under the subject's data key, bound to the event's id. Data keys are wrapped under a key
/// derived from the master key; deleting one erases the person.
/// </summary>
public sealed class PersonalSealer
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int KeyBytes = 32;

    private readonly ISubjectKeyStore _store;
    private readonly SubjectKeyCache _cache;
    private readonly byte[] _wrapping;
    private readonly byte[] _lookup;

    public PersonalSealer(ISubjectKeyStore store, AuditKeys keys, IOptions<AuditOptions> options, TimeProvider time)
    {
        _store = store;
        _cache = new SubjectKeyCache(options.Value.SubjectKeyCacheSize, options.Value.SubjectKeyCacheTime, time);
        _wrapping = keys.Derive("wrap");
        _lookup = keys.Derive("lookup");
    }

    /// <summary>The name under which a subject's data key is stored: what erasing a person deletes.</summary>
    public string LookupOf(string tenant, string subject) => SubjectLookup.Of(_lookup, tenant, subject);

    public async ValueTask<SealedPart> SealAsync(PersonalPart part, AuditId id, CancellationToken cancellationToken)
    {
        var key = await KeyForAsync(part, cancellationToken).ConfigureAwait(false);
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        var data = new byte[part.Json.Length + TagBytes];
        using var aes = new AesGcm(key.Key, TagBytes);
        aes.Encrypt(nonce, part.Json.Span, data.AsSpan(0, part.Json.Length), data.AsSpan(part.Json.Length), Binding(id));
        return new SealedPart(key.KeyId, nonce, data);
    }

    /// <summary>Opens a part for who may read it. Reads the key from the store each time: an erased subject's events stay shut.</summary>
    public async ValueTask<PersonalPartResult> OpenAsync(SealedPart part, AuditId id, CancellationToken cancellationToken)
    {
        var dot = part.KeyId.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || part.Nonce.Length != NonceBytes || part.Data.Length < TagBytes)
            return new PersonalPartResult.Damaged();
        var record = await _store.FindAsync(part.KeyId[..dot], cancellationToken).ConfigureAwait(false);
        if (record is null || KeyIdOf(record) != part.KeyId)
            return new PersonalPartResult.Erased();
        try
        {
            var json = new byte[part.Data.Length - TagBytes];
            using var aes = new AesGcm(Unwrap(record), TagBytes);
            aes.Decrypt(part.Nonce, part.Data.AsSpan(0, json.Length), part.Data.AsSpan(json.Length), json, Binding(id));
            return new PersonalPartResult.Opened(json);
        }
        catch (CryptographicException)
        {
            return new PersonalPartResult.Damaged();
        }
    }

    private async ValueTask<SubjectKey> KeyForAsync(PersonalPart part, CancellationToken cancellationToken)
    {
        if (_cache.Find(part.Tenant, part.Subject) is { } cached)
            return cached;
        var lookup = LookupOf(part.Tenant, part.Subject);
        var record = await _store.FindAsync(lookup, cancellationToken).ConfigureAwait(false);
        while (record is null)
        {
            var made = Make(lookup);
            record = await _store.TryInsertAsync(made, cancellationToken).ConfigureAwait(false)
                ? made
                : await _store.FindAsync(lookup, cancellationToken).ConfigureAwait(false);
        }

        var key = new SubjectKey(KeyIdOf(record), Unwrap(record));
        _cache.Keep(part.Tenant, part.Subject, key);
        return key;
    }

    private SubjectKeyRecord Make(string lookup)
    {
        var generation = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(8));
        var wrapped = new byte[NonceBytes + KeyBytes + TagBytes];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(_wrapping, TagBytes);
        aes.Encrypt(
            wrapped.AsSpan(0, NonceBytes),
            RandomNumberGenerator.GetBytes(KeyBytes),
            wrapped.AsSpan(NonceBytes, KeyBytes),
            wrapped.AsSpan(NonceBytes + KeyBytes),
            Encoding.UTF8.GetBytes($"{lookup}.{generation}"));
        return new SubjectKeyRecord(lookup, generation, wrapped);
    }

    private byte[] Unwrap(SubjectKeyRecord record)
    {
        var wrapped = record.WrappedKey.Span;
        if (wrapped.Length != NonceBytes + KeyBytes + TagBytes)
            throw new CryptographicException("A subject's data key in the key table has the wrong length.");
        var key = new byte[KeyBytes];
        using var aes = new AesGcm(_wrapping, TagBytes);
        aes.Decrypt(
            wrapped[..NonceBytes],
            wrapped.Slice(NonceBytes, KeyBytes),
            wrapped[(NonceBytes + KeyBytes)..],
            key,
            Encoding.UTF8.GetBytes(KeyIdOf(record)));
        return key;
    }

    private static string KeyIdOf(SubjectKeyRecord record) => $"{record.Lookup}.{record.Generation}";

    private static byte[] Binding(AuditId id) => Encoding.ASCII.GetBytes($"proofgate/audit/sealed/v1\n{id}");
}
