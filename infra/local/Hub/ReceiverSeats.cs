using Amqp.Framing;

namespace Proofgate.Local.Hub;

/// <summary>Who reads one partition in one consumer group. An epoch (a client's owner level) reads alone.</summary>
internal sealed class ReceiverSeats
{
    /// <summary>The service's own limit.</summary>
    private const int MaxReaders = 5;

    private readonly Lock _lock = new();
    private readonly List<ReceiveLink> _readers = [];

    /// <summary>Those who have to leave for <paramref name="reader"/> are for the caller to close, outside of every lock.</summary>
    /// <returns>Why it is refused; null if it is not.</returns>
    internal Error? TryJoin(ReceiveLink reader, out IReadOnlyList<ReceiveLink> leaving)
    {
        leaving = [];
        lock (_lock)
        {
            var epoch = _readers.Max(static r => r.Epoch);
            if (epoch is not null && (reader.Epoch is null || reader.Epoch < epoch))
            {
                return HubErrors.Stolen(reader.Epoch is null
                    ? $"At least one receiver for the endpoint is created with epoch of '{epoch}', and so non-epoch receiver is not allowed. Either reconnect with a higher epoch, or make sure all epoch receivers are closed or disconnected."
                    : $"Receiver '{reader.Name}' with a higher epoch '{epoch}' already exists. Receiver with epoch '{reader.Epoch}' cannot be created. Make sure you are creating receiver with increasing epoch value to ensure connectivity.");
            }

            if (reader.Epoch is not null)
            {
                leaving = [.. _readers];
                _readers.Clear();
            }
            else if (_readers.Count >= MaxReaders)
            {
                return HubErrors.Full($"Exceeded the maximum number of allowed receivers per partition in a consumer group which is {MaxReaders}.");
            }

            _readers.Add(reader);
            return null;
        }
    }

    internal void Leave(ReceiveLink reader)
    {
        lock (_lock)
            _readers.Remove(reader);
    }
}
