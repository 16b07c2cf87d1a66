using System.Buffers;
using System.Text.Json;
using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Identity;
using Proofgate.Identity.ApiKeys;

namespace Proofgate.Http.Manage;

/// <summary>
/// Makes, binds, rotates and revokes keys and records each act (K9). A key whose creation cannot be recorded is revoked before anybody has seen it.
/// </summary>
public sealed class KeyAdministration(ApiKeyService keys, IAuditStream stream, TimeProvider time)
{
    /// <summary>The actor in events of acts that no key asked for.</summary>
    public const string System = "system";

    /// <summary>The actor in events of keys that somebody reported as leaked.</summary>
    public const string Report = "report";

    internal const string NotFoundCode = "key_not_found";
    internal const string NotFoundText = "There is no such key. GET /manage/keys lists yours.";

    /// <exception cref="AuditUnavailableException">The creation could not be recorded; the key is revoked.</exception>
    /// <remarks>A client that leaves does not stop it half-way: a key in the store has its event or is revoked.</remarks>
    public async Task<ApiKeyCreation> CreateAsync(ApiKeySpec spec, string by, AuditId? correlation, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var creation = await keys.CreateAsync(spec, by, CancellationToken.None);
        return await RecordedAsync(creation, "created", by, correlation);
    }

    /// <summary>The first administrator, once.</summary>
    public async Task<ApiKeyCreation> InitializeAsync(ApiKeySpec spec, CancellationToken cancellationToken)
    {
        var creation = await keys.InitializeAsync(spec, cancellationToken);
        return await RecordedAsync(creation, "initialized", System, null);
    }

    public IAsyncEnumerable<ApiKeyRecord> ListAsync(KeyId? after, CancellationToken cancellationToken) => keys.ListAsync(after, cancellationToken);

    /// <summary>A key of this tenant; null for one of another, as for none: for this asker it does not exist.</summary>
    public async Task<ApiKeyRecord?> FindAsync(string? kid, string tenant, CancellationToken cancellationToken) =>
        KeyId.TryParse(kid, out var id) && await keys.FindAsync(id, cancellationToken) is { } found && found.Tenant == tenant ? found : null;

    /// <summary>Makes a successor (K5). It is recorded before the old key is touched; without its event it is revoked and the old key stays as it was.</summary>
    /// <exception cref="AuditUnavailableException">The rotation could not be recorded, and nothing has changed.</exception>
    public async Task<ApiKeyRotation> RotateAsync(KeyId id, TimeSpan overlap, string by, AuditId? correlation, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await keys.RotateAsync(id, overlap, by, new Witness(this, by, correlation), CancellationToken.None);
    }

    /// <summary>Binds first and records then: a bound key can do less, not more.</summary>
    public async Task<ApiKeyBinding> BindAsync(KeyId id, string thumbprint, string by, AuditId? correlation, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var binding = await keys.BindAsync(id, thumbprint, CancellationToken.None);
        if (binding is ApiKeyBinding.Bound bound)
        {
            await PublishAsync("bound", bound.Record, by, correlation);
        }

        return binding;
    }

    /// <summary>Revokes a key that somebody has found, if it is genuine. <see cref="RecordLeakAsync"/> is for the asker to call.</summary>
    public Task<KeyLeak> ReportLeakAsync(string key, CancellationToken cancellationToken) => keys.ReportLeakAsync(key, cancellationToken);

    /// <exception cref="AuditUnavailableException">It could not be recorded.</exception>
    public Task RecordLeakAsync(ApiKeyRecord record, AuditId correlation) => PublishAsync("leaked", record, Report, correlation);

    /// <summary>Revokes first and records then: whatever happens to the record, the key is dead.</summary>
    public async Task<ApiKeyRevocation> RevokeAsync(KeyId id, string by, AuditId? correlation, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var revocation = await keys.RevokeAsync(id, CancellationToken.None);
        if (revocation is ApiKeyRevocation.Revoked { WasActive: true } revoked)
        {
            await PublishAsync("revoked", revoked.Record, by, correlation);
        }

        return revocation;
    }

    private async Task<ApiKeyCreation> RecordedAsync(ApiKeyCreation creation, string act, string by, AuditId? correlation)
    {
        if (creation is not ApiKeyCreation.Created created)
        {
            return creation;
        }

        try
        {
            await PublishAsync(act, created.Record, by, correlation);
            return creation;
        }
        catch
        {
            // Whatever went wrong: nobody has seen the key, and a key without an event must not live.
            await keys.RevokeAsync(created.Record.Id, CancellationToken.None);
            throw;
        }
    }

    private async Task PublishAsync(string act, ApiKeyRecord record, string by, AuditId? correlation) => await stream.PublishAsync(
        new KeyEvent
        {
            Id = AuditId.New(time),
            Time = time.GetUtcNow(),
            CorrelationId = correlation,
            Act = act,
            KeyId = record.Id.ToString(),
            Tenant = record.Tenant,
            By = by,
            Personal = Describe(record),
        },
        CancellationToken.None);

    private static PersonalPart Describe(ApiKeyRecord record)
    {
        var json = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("subject"u8, record.Owner);
            writer.WriteString("name"u8, record.Name);
            writer.WriteStartArray("roles"u8);
            foreach (var role in record.Roles.Order(StringComparer.Ordinal))
            {
                writer.WriteStringValue(role);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return new PersonalPart(record.Tenant, record.Owner, json.WrittenMemory);
    }

    private sealed class Witness(KeyAdministration keys, string by, AuditId? correlation) : IRotationWitness
    {
        public async Task BeginsAsync(ApiKeyRecord old, ApiKeyRecord successor)
        {
            await keys.PublishAsync("created", successor, by, correlation);
            await keys.PublishAsync("rotated", old, by, correlation);
        }

        public Task AbandonedAsync(ApiKeyRecord successor) => keys.PublishAsync("revoked", successor, by, correlation);
    }
}
