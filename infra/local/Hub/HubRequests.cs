using System.Globalization;
using Amqp;
using Amqp.Types;

namespace Proofgate.Local.Hub;

/// <summary>What is asked on <c>$cbs</c> (a token is shown) and <c>$management</c> (how a hub and its partitions stand).</summary>
internal sealed class HubRequests(HubOptions options, IReadOnlyDictionary<string, HubEntity> hubs, TimeProvider time)
{
    internal const string Claims = "$cbs";
    internal const string Management = "$management";

    private const string TokenType = "servicebus.windows.net:sastoken";

    internal HubReply PutToken(HubConnection connection, Message request)
    {
        if (Text(request, "operation") != "put-token" || Text(request, "type") != TokenType)
            return HubReply.Refused(501, HubErrors.Unsupported($"The local hub takes put-token with a {TokenType}."));
        var token = SasToken.TryCheck(request.Body as string, options.KeyName, options.Key, time.GetUtcNow());
        if (token is null)
        {
            return HubReply.Refused(401, HubErrors.Unauthorized(
                $"The token is not signed with the local hub's key {options.KeyName}, is over, or is no shared access signature."));
        }

        return connection.TryAdd(token.Value)
            ? new HubReply(202, "Accepted")
            : HubReply.Refused(403, HubErrors.Full("The connection has shown as many tokens as it may."));
    }

    /// <summary>Asked for before any token has been shown, and tells no content.</summary>
    internal HubReply Read(Message request)
    {
        var (type, name) = (Text(request, "type"), Text(request, "name"));
        if (Text(request, "operation") != "READ")
            return HubReply.Refused(501, HubErrors.Unsupported("The local hub's management knows READ."));
        if (name is null || !hubs.TryGetValue(name, out var hub))
            return HubReply.Refused(404, HubErrors.NoEntity(name));
        switch (type)
        {
            case "com.microsoft:eventhub":
                return new HubReply(200, "OK", Body: OfHub(hub));
            case "com.microsoft:partition":
                return hub.TryParsePartition(Text(request, "partition"), out var partition)
                    ? new HubReply(200, "OK", Body: OfPartition(hub, partition))
                    : HubReply.Refused(400, HubErrors.OutOfRange(hub.NoPartition(Text(request, "partition"))));
            default:
                return HubReply.Refused(501, HubErrors.Unsupported($"The local hub's management knows no {type}."));
        }
    }

    private static Map OfHub(HubEntity hub) => new()
    {
        ["name"] = hub.Name,
        ["type"] = "com.microsoft:eventhub",
        ["created_at"] = hub.Stream.Identity.CreatedAt.UtcDateTime,
        ["partition_count"] = hub.Stream.Partitions,
        ["partition_ids"] = Enumerable.Range(0, hub.Stream.Partitions).Select(static p => p.ToString(CultureInfo.InvariantCulture)).ToArray(),
        ["georeplication_factor"] = 1,
    };

    private Map OfPartition(HubEntity hub, int partition)
    {
        var range = hub.Stream.RangeOf(partition);
        return new Map
        {
            ["name"] = hub.Name,
            ["type"] = "com.microsoft:partition",
            ["partition"] = partition.ToString(CultureInfo.InvariantCulture),
            ["begin_sequence_number"] = range.First,
            ["last_enqueued_sequence_number"] = range.Next - 1,
            ["last_enqueued_offset"] = range.Next == 0 ? "-1" : HubOffset.Of(range.Next - 1),
            ["last_enqueued_time_utc"] = (hub.Stream.LastAt(partition) ?? DateTimeOffset.UnixEpoch).UtcDateTime,
            ["is_partition_empty"] = range.First == range.Next,
            ["runtime_info_retrieval_time_utc"] = time.GetUtcNow().UtcDateTime,
        };
    }

    private static string? Text(Message request, string property) =>
        request.ApplicationProperties is { } properties && properties.Map.TryGetValue(property, out var value) ? value as string : null;
}
