using Amqp.Framing;

namespace Proofgate.Local.Hub;

/// <summary>A client is told no; nothing was stored.</summary>
internal sealed class HubRefusalException(Error error, Exception? inner = null) : Exception(error.Description, inner)
{
    internal Error Error { get; } = error;
}
