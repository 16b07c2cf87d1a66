using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace Proofgate.Local.Hub;

/// <summary>What one connection has proved, and where its requests are answered.</summary>
internal sealed class HubConnection
{
    private const int MaxTokens = 256;
    private const int MaxReplyLinks = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly ConditionalWeakTable<Connection, HubConnection> ByConnection = [];

    private readonly ConcurrentDictionary<string, SasToken> _tokens = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, OutgoingLink> _replies = new(StringComparer.Ordinal);
    private readonly bool _authenticated;

    private HubConnection(Connection connection) => _authenticated = HeldTransport.Of(connection).IsAuthenticated;

    internal static HubConnection Of(Connection connection) => ByConnection.GetValue(connection, static c => new HubConnection(c));

    internal bool MayUse(string path, DateTimeOffset now) => _authenticated || _tokens.Values.Any(t => t.Covers(path, now));

    /// <summary>A later token for the same resource takes the place of an earlier one.</summary>
    internal bool TryAdd(SasToken token)
    {
        if (_tokens.Count >= MaxTokens && !_tokens.ContainsKey(token.Path))
            return false;
        _tokens[token.Path] = token;
        return true;
    }

    /// <summary>
    /// Takes a link for replies. The JavaScript client's has no target address on <c>$cbs</c> and its requests ask for the answer by the link's
    /// name; .NET's ask for it by the target's address. So it is known by both, and on this connection only.
    /// </summary>
    internal bool TryAddReplyLink(ListenerLink link, string? address)
    {
        if (_replies.Count >= MaxReplyLinks)
            return false;
        var outgoing = new OutgoingLink(link, static () => true);
        string[] names = address is null ? [link.Name] : [link.Name, address];
        foreach (var name in names)
            _replies[name] = outgoing;
        link.Closed += (_, _) =>
        {
            foreach (var name in names)
                _replies.TryRemove(KeyValuePair.Create(name, outgoing));
        };
        return true;
    }

    /// <summary>Answers a request on the link that it names; without one nobody waits for an answer.</summary>
    internal async Task ReplyAsync(Message request, HubReply reply)
    {
        if (request.Properties?.ReplyTo is not { } replyTo || !_replies.TryGetValue(replyTo, out var link))
            return;
        var answer = new Message
        {
            Properties = new Properties(),
            ApplicationProperties = new ApplicationProperties(),
            BodySection = new AmqpValue { Value = reply.Body },
        };
        answer.Properties.SetCorrelationId(request.Properties.GetMessageId());
        answer.ApplicationProperties["status-code"] = reply.Status;
        answer.ApplicationProperties["status-description"] = reply.Description;
        if (reply.Condition is not null)
            answer.ApplicationProperties["error-condition"] = new Symbol(reply.Condition);
        using var late = new CancellationTokenSource(Patience);
        var bytes = answer.Encode();
        var message = bytes.Buffer.AsSpan(bytes.Offset, bytes.Length).ToArray();
        do
        {
            await link.ReadyAsync(late.Token).ConfigureAwait(false);
        }
        while (!link.TrySend(message));
    }
}
