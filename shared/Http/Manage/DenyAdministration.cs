using System.Buffers;
using System.Text;
using System.Text.Json;
using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Audit.Sealing;
using Proofgate.Identity;
using Proofgate.Identity.Denials;

namespace Proofgate.Http.Manage;

/// <summary>Changes the deny list and records each change: what protects is done first, whatever happens to the record.</summary>
public sealed class DenyAdministration(DenyService denials, IAuditStream stream, ContentDigester digester, TimeProvider time)
{
    public Task<IReadOnlyList<DenyEntry>> ListAsync(string tenant, CancellationToken cancellationToken) => denials.ListAsync(tenant, cancellationToken);

    /// <exception cref="AuditUnavailableException">The entry bites, but that could not be recorded; the same request can be made again.</exception>
    public async Task<DenyAddition> AddAsync(DenyEntry entry, Caller asker, bool force, AuditId correlation, CancellationToken cancellationToken)
    {
        var addition = await denials.AddAsync(entry, asker, force, cancellationToken);
        if (addition is DenyAddition.Added added)
        {
            await PublishAsync("added", added.Entry, asker, correlation);
        }

        return addition;
    }

    /// <exception cref="AuditUnavailableException">The act could not be recorded, so nothing was lifted.</exception>
    /// <remarks>Recorded first: nobody gets back in without a trace.</remarks>
    public async Task<DenyEntry?> LiftAsync(string id, Caller asker, AuditId correlation, CancellationToken cancellationToken)
    {
        if ((await denials.ListAsync(asker.Tenant, cancellationToken)).FirstOrDefault(e => e.Id == id) is not { } entry)
        {
            return null;
        }

        await PublishAsync("removed", entry, asker, correlation);
        return await denials.LiftAsync(id, asker.Tenant, CancellationToken.None) ?? entry;
    }

    private async Task PublishAsync(string act, DenyEntry entry, Caller asker, AuditId correlation) => await stream.PublishAsync(
        new DenyEvent
        {
            Id = AuditId.New(time),
            Time = time.GetUtcNow(),
            CorrelationId = correlation,
            Act = act,
            Type = DenyKinds.NameOf(entry.Kind),
            Digest = digester.Digest(entry.Tenant, Encoding.UTF8.GetBytes(entry.Value)),
            Until = entry.Until,
            By = asker.Client,
            Personal = Describe(entry, asker),
        },
        CancellationToken.None);

    /// <summary>Sealed for the person that it is about, where it is about one; else for who asked.</summary>
    private static PersonalPart Describe(DenyEntry entry, Caller asker)
    {
        var json = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("value"u8, entry.Value);
            writer.WriteString("reason"u8, entry.Reason);
            writer.WriteString("asker"u8, asker.Subject);
            writer.WriteEndObject();
        }

        return new PersonalPart(entry.Tenant, entry.Kind == DenyKind.Subject ? entry.Value : asker.Subject, json.WrittenMemory);
    }
}
