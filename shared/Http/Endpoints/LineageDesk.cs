using Microsoft.Extensions.Options;
using Proofgate.Audit.Events;
using Proofgate.Enforcement;
using Proofgate.Enforcement.Provenance;

namespace Proofgate.Http.Endpoints;

/// <summary>What callers attach to a call of where its content comes from, and what they are given to attach to the next.</summary>
public sealed class LineageDesk(LineageTokens tokens, Sessions sessions, IOptions<LineageOptions> options)
{
    internal const string LineageHeader = "Proofgate-Lineage";

    internal const string SessionHeader = "Proofgate-Session";

    /// <summary>Opens every token, and refuses the call if one is not good: what is left out would leave out its label.</summary>
    /// <returns>Null where the call was refused.</returns>
    internal async Task<Attachments?> ReadAsync(Exchange exchange, IReadOnlyList<string> inBody, RequestRecord record)
    {
        var headers = exchange.Http.Request.Headers;
        // Proxies may join what was sent one by one.
        var given = headers[LineageHeader].SelectMany(static h => (h ?? string.Empty).Split(',', StringSplitOptions.TrimEntries)).Concat(inBody).ToList();
        if (given.Count > options.Value.MaxTokens)
        {
            return await RefuseAsync("invalid_lineage", $"A call may carry {options.Value.MaxTokens} lineage tokens, in headers and body together; this one has {given.Count}.");
        }

        var claims = new List<LineageClaim>(given.Count);
        foreach (var token in given)
        {
            switch (tokens.Read(token, exchange.Caller))
            {
                case LineageReading.Valid valid:
                    claims.Add(valid.Claim);
                    break;
                case LineageReading.Expired:
                    return await RefuseAsync("lineage_expired", "A lineage token's time is over. Ask again for the answer that it came with; its content is as sensitive as before.");
                default:
                    return await RefuseAsync("invalid_lineage", "A lineage token is none that you were given here. Send each as you got it.");
            }
        }

        var session = headers[SessionHeader];
        return session.Count > 1
            ? await RefuseAsync("invalid_session", $"'{SessionHeader}' may be sent once: '{SessionChoice.New}', or the id that you were given.")
            : new Attachments(claims, session.Count == 0 ? null : SessionChoice.Of(session[0] ?? string.Empty));

        async Task<Attachments?> RefuseAsync(string code, string message)
        {
            await exchange.RefuseAsync(400, code, message, null, record);
            return null;
        }
    }

    /// <summary>Tells the session that the call is of. Before the answer begins: it is a header.</summary>
    internal static void TellSession<TCall>(Exchange exchange, AdmittedCall<TCall> call)
        where TCall : Call
    {
        if (call.Session is { } session)
        {
            exchange.Http.Response.Headers[SessionHeader] = session.ToString();
        }
    }

    /// <summary>Gives the token of an answer. Before the answer begins: it is a header, so it tells the label that was decided, in a stream too.</summary>
    internal void GiveToken<TCall>(Exchange exchange, AdmittedCall<TCall> call)
        where TCall : Call => exchange.Http.Response.Headers[LineageHeader] = tokens.Issue(call);

    /// <summary>The same for an answer that is known as a whole, whose label its content has raised: its session has reached that label before it is told.</summary>
    /// <returns>Null; else the refusal in whose stead nothing may be released.</returns>
    internal async ValueTask<Refusal?> GiveTokenAsync<TCall>(
        Exchange exchange, AdmittedCall<TCall> call, long label, IReadOnlyCollection<string> datasets, CancellationToken cancellationToken)
        where TCall : Call
    {
        if (await sessions.RaiseAsync(call, label, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        exchange.Http.Response.Headers[LineageHeader] = tokens.Issue(call, label, datasets);
        return null;
    }
}
