using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Proofgate.Identity.ApiKeys;

/// <summary>The life of API keys. Whether the asker may is for policy to say, before; the audit event is the asker's to write.</summary>
public sealed class ApiKeyService
{
    private const int Attempts = 8;

    private readonly IApiKeyStore _store;
    private readonly ApiKeyHasher _hasher;
    private readonly ApiKeyCache _cache;
    private readonly TimeSpan _defaultAge;
    private readonly TimeProvider _time;
    private readonly ILogger<ApiKeyService> _log;

    internal ApiKeyService(
        IApiKeyStore store, ApiKeyHasher hasher, ApiKeyCache cache, IOptions<IdentityOptions> options, TimeProvider time, ILogger<ApiKeyService> log)
    {
        _store = store;
        _hasher = hasher;
        _cache = cache;
        _defaultAge = options.Value.DefaultKeyAge;
        _time = time;
        _log = log;
    }

    /// <summary>Makes a key by <paramref name="spec"/>; <paramref name="by"/> is the public id of the asking key, or <c>system</c>.</summary>
    public async Task<ApiKeyCreation> CreateAsync(ApiKeySpec spec, string by, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        return ApiKeySpecRules.Check(spec, now) is { Count: > 0 } problems
            ? new ApiKeyCreation.Invalid(problems)
            : await InsertAsync(ApiKey.Create(spec.Environment), spec, by, now, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes the first administrator; works once in the life of a store.</summary>
    /// <remarks>
    /// The right is claimed before the key is stored, so that nobody can fill the store by asking. If the process dies between the two, the
    /// claim stands: its row has to be deleted by hand.
    /// </remarks>
    public async Task<ApiKeyCreation> InitializeAsync(ApiKeySpec spec, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (ApiKeySpecRules.Check(spec, now) is { Count: > 0 } problems)
        {
            return new ApiKeyCreation.Invalid(problems);
        }

        var key = ApiKey.Create(spec.Environment);
        if (!await _store.TryClaimInitializationAsync(key.Id, cancellationToken).ConfigureAwait(false))
        {
            return new ApiKeyCreation.AlreadyInitialized();
        }

        // The claim is spent: a client that leaves now must not leave the store without an administrator.
        return await InsertAsync(key, spec, "system", now, CancellationToken.None).ConfigureAwait(false);
    }

    public IAsyncEnumerable<ApiKeyRecord> ListAsync(CancellationToken cancellationToken) => _store.ListAsync(cancellationToken);

    /// <summary>Revokes a key for ever. Here it bites at once, on other instances within 5 s (K6).</summary>
    public async Task<ApiKeyRevocation> RevokeAsync(KeyId id, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var record = await _store.FindAsync(id, cancellationToken).ConfigureAwait(false);
            if (record is null)
            {
                return new ApiKeyRevocation.NotFound();
            }

            if (record.State == ApiKeyState.Revoked)
            {
                return new ApiKeyRevocation.Revoked(record, WasActive: false);
            }

            var revoked = record with { State = ApiKeyState.Revoked, Revoked = _time.GetUtcNow() };
            if (await _store.TryUpdateAsync(revoked, cancellationToken).ConfigureAwait(false))
            {
                _cache.Drop([id]);
                _log.KeyRevoked(id);
                return new ApiKeyRevocation.Revoked(revoked, WasActive: true);
            }
        }

        throw new InvalidOperationException($"Key {id} changed {Attempts} times while it was being revoked. It may still be active: try again.");
    }

    private async Task<ApiKeyCreation> InsertAsync(ApiKey key, ApiKeySpec spec, string by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++, key = ApiKey.Create(spec.Environment))
        {
            var record = Describe(key, spec, by, now);
            if (await _store.TryInsertAsync(record, cancellationToken).ConfigureAwait(false))
            {
                _cache.Drop([key.Id]);
                _log.KeyCreated(key.Id, by);
                return new ApiKeyCreation.Created(key, record);
            }
        }

        throw new InvalidOperationException($"{Attempts} random key ids were all taken, which is as good as impossible: the store answers wrongly.");
    }

    private ApiKeyRecord Describe(ApiKey key, ApiKeySpec spec, string by, DateTimeOffset now) => new()
    {
        Id = key.Id,
        Digest = _hasher.Digest(key),
        PepperVersion = _hasher.NewestVersion,
        Environment = key.Environment,
        Name = spec.Name,
        Owner = spec.Owner,
        OwnerKind = spec.OwnerKind,
        Tenant = spec.Tenant,
        Purpose = spec.Purpose,
        Roles = spec.Roles,
        Clearance = spec.Clearance,
        Limits = spec.Limits,
        NotBefore = spec.NotBefore ?? now,
        Expires = spec.NeverExpires ? null : spec.Expires ?? Later(spec.NotBefore ?? now, now) + _defaultAge,
        Created = now,
        CreatedBy = by,
        State = ApiKeyState.Active,
    };

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
