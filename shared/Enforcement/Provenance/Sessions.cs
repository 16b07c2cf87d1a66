using System.Text;
using Microsoft.Extensions.Options;
using Proofgate.Audit.Sealing;

namespace Proofgate.Enforcement.Provenance;

/// <summary>
/// Finds a call's session before the call is decided and raises it before anything is released: whoever has read a byte of an answer finds its label in the session from
/// then on, on every instance.
/// </summary>
public sealed class Sessions
{
    private readonly LineageOptions _options;
    private readonly ContentDigester _digester;
    private readonly TimeProvider _time;
    private readonly ISessionStore _store;

    /// <param name="options">How long a session lasts.</param>
    /// <param name="digester">Makes the name of a session that the ledger has.</param>
    /// <param name="time">The clock.</param>
    /// <param name="store">Where instances share sessions; null: this one has its own.</param>
    public Sessions(IOptions<LineageOptions> options, ContentDigester digester, TimeProvider time, ISessionStore? store = null) =>
        (_options, _digester, _time, _store) = (options.Value, digester, time, store ?? new MemorySessions(time));

    /// <returns>The session, or a refusal; neither where the call is of none.</returns>
    internal async ValueTask<(Session? Session, Refusal? Refusal)> OpenAsync(Call call, CancellationToken cancellationToken)
    {
        if (call.Session is not { } choice)
        {
            return (null, null);
        }

        if (choice.IsNew)
        {
            return (Of(SessionId.Create(Ends()), call, null), null);
        }

        if (choice.Id is not { } id)
        {
            return (null, Refusals.UnknownSession(call.Id));
        }

        try
        {
            var record = await _store.FindAsync(SessionKey.Of(id, call.Caller), cancellationToken);
            return record is not null && record.Ends > _time.GetUtcNow() ? (Of(id, call, record), null) : (null, Refusals.UnknownSession(call.Id));
        }
        catch (SessionUnavailableException)
        {
            return (null, Refusals.SessionUnavailable(call.Id));
        }
    }

    /// <summary>Keeps that the session of a call has reached the label of its answer, which is higher than the one on which the call was decided.</summary>
    /// <returns>A refusal where that is not certain: then nothing of the answer may be released.</returns>
    public ValueTask<Refusal?> RaiseAsync<TCall>(AdmittedCall<TCall> admitted, long label, CancellationToken cancellationToken)
        where TCall : Call => RaiseAsync(admitted.Prepared?.Session, admitted.Call, label, cancellationToken);

    /// <summary>Keeps that the session has reached the label of a call.</summary>
    /// <returns>A refusal where that is not certain.</returns>
    internal async ValueTask<Refusal?> RaiseAsync(Session? session, Call call, long label, CancellationToken cancellationToken)
    {
        if (session is null)
        {
            return null;
        }

        var scale = call.Bundle.Labels;
        var name = scale.NameOf(label);
        try
        {
            if (session.Record is null)
            {
                var record = new SessionRecord(new HashSet<string>(StringComparer.Ordinal), Ends()).With(name);
                await _store.CreateAsync(session.Key, record, cancellationToken);
                session.Record = record;
                return null;
            }

            // By its name: another bundle may rank what the session has reached otherwise.
            if (session.Record.Labels.Contains(name))
            {
                return null;
            }

            session.Record = await _store.RaiseAsync(session.Key, name, cancellationToken) ?? session.Record;
            return session.RankIn(scale) >= label ? null : Refusals.UnknownSession(call.Id);
        }
        catch (SessionUnavailableException)
        {
            return Refusals.SessionUnavailable(call.Id);
        }
    }

    private DateTimeOffset Ends() => _time.GetUtcNow() + _options.SessionLifetime;

    private Session Of(SessionId id, Call call, SessionRecord? record) =>
        new(id, SessionKey.Of(id, call.Caller), _digester.Digest(call.Caller.Tenant, Encoding.UTF8.GetBytes(id.ToString())), record);
}
