using Amqp.Framing;
using Amqp.Types;

namespace Proofgate.Local.Hub;

/// <summary>The answer to a request on <c>$cbs</c> or <c>$management</c>, with a status as HTTP has them.</summary>
internal sealed record HubReply(int Status, string Description, string? Condition = null, Map? Body = null)
{
    internal static HubReply Refused(int status, Error error) => new(status, error.Description, error.Condition);
}
