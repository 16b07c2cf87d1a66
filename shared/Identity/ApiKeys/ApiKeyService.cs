using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Proofgate.Identity.ApiKeys;

/// <summary>The life of API keys. Whether the asker may is for policy to say, before; the audit event is the asker's to write.</summary>
public sealed class ApiKeyService
{
    /// <summary>The longest that a rotated key may live on beside its successor.</summary>
    public static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(30);

    /// <summary>How long it does where nobody says.</summary>
    public static readonly TimeSpan DefaultOverlap = TimeSpan.FromHours(24);

    private const int Attempts = 8;

    /// <summary>How many keys of a line are looked at: a key lives at most 30 days beside its successors.</summary>
    private const int LongestLine = 32;

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

    public Task<ApiKeyRecord?> FindAsync(KeyId id, CancellationToken cancellationToken) => _store.FindAsync(id, cancellationToken);

    public IAsyncEnumerable<ApiKeyRecord> ListAsync(KeyId? after, CancellationToken cancellationToken) => _store.ListAsync(after, cancellationToken);

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

    /// <summary>
    /// K7: revokes a key that somebody has found, if it is genuine. As long for an unknown key as for a wrong one; who holds a genuine key could
    /// learn that by using it, too.
    /// </summary>
    /// <remarks>The look at the store counts against <see cref="IdentityOptions.ConcurrentReads"/>; the asker's rate is for the front desk to limit.</remarks>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever kept the store from answering, the answer is 503.")]
    public async Task<KeyLeak> ReportLeakAsync(string? text, CancellationToken cancellationToken)
    {
        if (!ApiKey.TryParse(text, out var key))
        {
            return new KeyLeak.Nothing();
        }

        try
        {
            if (!_hasher.IsReady || await _cache.ReadAdmittedAsync(key.Id, cancellationToken).ConfigureAwait(false) is not KeyLookup.Answered answer)
            {
                return new KeyLeak.Unavailable();
            }

            // One that was revoked before is answered as quickly as one that is wrong.
            return _hasher.Verify(key, answer.Key?.Record) && answer.Key!.Record.State == ApiKeyState.Active
                && await RevokeAsync(key.Id, CancellationToken.None).ConfigureAwait(false) is ApiKeyRevocation.Revoked { WasActive: true } revoked
                ? new KeyLeak.Revoked(revoked.Record)
                : new KeyLeak.Nothing();
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            _log.LeakNotActedOn(failure);
            return new KeyLeak.Unavailable();
        }
    }

    /// <summary>
    /// K4: binds a key to a key pair, for life. Whether the pair's holder asks is to be proved before (<see cref="KeyRegistration"/>); streams that
    /// the unbound key has open end with the change feed.
    /// </summary>
    public async Task<ApiKeyBinding> BindAsync(KeyId id, string thumbprint, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var record = await _store.FindAsync(id, cancellationToken).ConfigureAwait(false);
            if (record is null)
            {
                return new ApiKeyBinding.NotFound();
            }

            if (!record.IsAlive(_time.GetUtcNow()))
            {
                return new ApiKeyBinding.NotActive(record);
            }

            if (record.Thumbprint is { } bound)
            {
                // After a lost reply our own write comes back as somebody's.
                return attempt > 0 && bound == thumbprint ? new ApiKeyBinding.Bound(record) : new ApiKeyBinding.AlreadyBound();
            }

            var changed = record with { Thumbprint = thumbprint };
            if (await _store.TryUpdateAsync(changed, cancellationToken).ConfigureAwait(false))
            {
                _cache.Drop([id]);
                _log.KeyBound(id);
                return new ApiKeyBinding.Bound(changed);
            }
        }

        throw new InvalidOperationException($"Key {id} changed {Attempts} times while it was being bound: try again.");
    }

    /// <summary>
    /// K5: issues a successor that inherits everything but the time, and lets the old key end after <paramref name="overlap"/>. The successor lives as
    /// long from now as the old key was given, so rotation never outlives the policy that the key was made under.
    /// </summary>
    /// <param name="id">The old key.</param>
    /// <param name="overlap">0 to <see cref="LongestOverlap"/>. An earlier expiry of the old key stays.</param>
    /// <param name="by">Public id of the asking key.</param>
    /// <param name="witness">Records the act.</param>
    /// <param name="cancellationToken">Not heeded once the successor exists.</param>
    /// <remarks>Dies the process between the two writes, both keys are valid and the same call can be made again; the first successor was shown to nobody.</remarks>
    public async Task<ApiKeyRotation> RotateAsync(
        KeyId id, TimeSpan overlap, string by, IRotationWitness witness, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(overlap, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(overlap, LongestOverlap);
        var old = await _store.FindAsync(id, cancellationToken).ConfigureAwait(false);
        var (refusal, last) = await JudgeRotationAsync(old, cancellationToken).ConfigureAwait(false);
        if (refusal is not null)
        {
            return refusal;
        }

        var now = _time.GetUtcNow();
        var life = last!.Expires - Later(last.NotBefore, last.Created);
        var (key, successor) = await InsertAsync(ApiKey.Create(old!.Environment), k => Succeed(k, old, life, by, now), by, cancellationToken).ConfigureAwait(false);
        try
        {
            await witness.BeginsAsync(old, successor).ConfigureAwait(false);
        }
        catch
        {
            await AbandonAsync(successor, null).ConfigureAwait(false);
            throw;
        }

        var rotation = await RetireAsync(old, key, successor, now + overlap, witness).ConfigureAwait(false);
        if (rotation is not ApiKeyRotation.Rotated)
        {
            await AbandonAsync(successor, witness).ConfigureAwait(false);
        }

        return rotation;
    }

    /// <returns>Why it may not be rotated, or null; and the last key of its line, whose expiry no rotation has moved.</returns>
    private async Task<(ApiKeyRotation? Refusal, ApiKeyRecord? Last)> JudgeRotationAsync(ApiKeyRecord? record, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (record is null)
        {
            return (new ApiKeyRotation.NotFound(), null);
        }

        if (!record.IsAlive(now))
        {
            return (new ApiKeyRotation.NotActive(record), null);
        }

        var last = record;
        for (var step = 0; step < LongestLine && last.Successor is { } next && await _store.FindAsync(next, cancellationToken).ConfigureAwait(false) is { } found; step++)
        {
            if (found.IsAlive(now))
            {
                return (new ApiKeyRotation.HasSuccessor(next), null);
            }

            last = found;
        }

        return (null, last);
    }

    private async Task<ApiKeyRotation> RetireAsync(ApiKeyRecord old, ApiKey key, ApiKeyRecord successor, DateTimeOffset end, IRotationWitness witness)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var retired = old with { Successor = successor.Id, Expires = old.Expires < end ? old.Expires : end };
            ApiKeyRecord? found;
            try
            {
                if (await _store.TryUpdateAsync(retired, CancellationToken.None).ConfigureAwait(false))
                {
                    return Rotated(key, successor, retired);
                }

                found = await _store.FindAsync(old.Id, CancellationToken.None).ConfigureAwait(false);
            }
            catch
            {
                // Done or not? If nobody can say, both keys stay: a key too many can be revoked, one too few stops its owner's work.
                found = await _store.FindAsync(old.Id, CancellationToken.None).ConfigureAwait(false);
                if (found?.Successor != successor.Id)
                {
                    await AbandonAsync(successor, witness).ConfigureAwait(false);
                    throw;
                }
            }

            if (found?.Successor == successor.Id)
            {
                // Only the reply was lost.
                return Rotated(key, successor, found);
            }

            if (await JudgeRotationAsync(found, CancellationToken.None).ConfigureAwait(false) is { Refusal: { } refusal })
            {
                return refusal;
            }

            if (found!.Thumbprint != successor.Thumbprint)
            {
                // Bound in the meantime: a successor that is not would be a way around it.
                return new ApiKeyRotation.NotActive(found);
            }

            old = found;
        }

        await AbandonAsync(successor, witness).ConfigureAwait(false);
        throw new InvalidOperationException($"Key {old.Id} changed {Attempts} times while it was being rotated: try again.");
    }

    private ApiKeyRotation.Rotated Rotated(ApiKey key, ApiKeyRecord successor, ApiKeyRecord retired)
    {
        _cache.Drop([retired.Id]);
        _log.KeyRotated(retired.Id, successor.Id);
        return new ApiKeyRotation.Rotated(key, successor, retired);
    }

    /// <summary>Nobody has seen it, so nothing is lost; if even that fails, nobody ever will.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "The failure that led here is the one to tell of.")]
    private async Task AbandonAsync(ApiKeyRecord successor, IRotationWitness? witness)
    {
        try
        {
            if (await RevokeAsync(successor.Id, CancellationToken.None).ConfigureAwait(false) is ApiKeyRevocation.Revoked revoked && witness is not null)
            {
                await witness.AbandonedAsync(revoked.Record).ConfigureAwait(false);
            }
        }
        catch (Exception failure)
        {
            _log.SuccessorNotRevoked(successor.Id, failure);
        }
    }

    private async Task<ApiKeyCreation> InsertAsync(ApiKey key, ApiKeySpec spec, string by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (made, record) = await InsertAsync(key, k => Describe(k, spec, by, now), by, cancellationToken).ConfigureAwait(false);
        return new ApiKeyCreation.Created(made, record);
    }

    private async Task<(ApiKey Key, ApiKeyRecord Record)> InsertAsync(
        ApiKey key, Func<ApiKey, ApiKeyRecord> describe, string by, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++, key = ApiKey.Create(key.Environment))
        {
            var record = describe(key);
            if (await _store.TryInsertAsync(record, cancellationToken).ConfigureAwait(false))
            {
                _cache.Drop([key.Id]);
                _log.KeyCreated(key.Id, by);
                return (key, record);
            }
        }

        throw new InvalidOperationException($"{Attempts} random key ids were all taken, which is as good as impossible: the store answers wrongly.");
    }

    private ApiKeyRecord Describe(ApiKey key, ApiKeySpec spec, string by, DateTimeOffset now)
    {
        var (digest, pepper) = _hasher.Digest(key);
        return new ApiKeyRecord
        {
            Id = key.Id,
            Digest = digest,
            PepperVersion = pepper,
            Environment = key.Environment,
            Name = spec.Name,
            Owner = spec.Owner,
            OwnerKind = spec.OwnerKind,
            Tenant = spec.Tenant,
            Purpose = spec.Purpose,
            Roles = spec.Roles,
            Clearance = spec.Clearance,
            Limits = spec.Limits,
            Thumbprint = spec.Thumbprint,
            NotBefore = spec.NotBefore ?? now,
            Expires = spec.NeverExpires ? null : spec.Expires ?? Later(spec.NotBefore ?? now, now) + _defaultAge,
            Created = now,
            CreatedBy = by,
            State = ApiKeyState.Active,
        };
    }

    private ApiKeyRecord Succeed(ApiKey key, ApiKeyRecord old, TimeSpan? life, string by, DateTimeOffset now)
    {
        var start = Later(old.NotBefore, now);
        var (digest, pepper) = _hasher.Digest(key);
        return old with
        {
            Id = key.Id,
            Digest = digest,
            PepperVersion = pepper,
            NotBefore = start,
            Expires = start + life,
            Created = now,
            CreatedBy = by,
            Predecessor = old.Id,
            Successor = null,
            Version = null,
        };
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
