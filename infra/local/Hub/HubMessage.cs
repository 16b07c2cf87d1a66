using Amqp;

namespace Proofgate.Local.Hub;

/// <summary>A message as it arrived, not decoded: what the broker does not understand it must not change.</summary>
internal sealed class HubMessage(ByteBuffer bytes) : Message
{
    internal ReadOnlyMemory<byte> Bytes { get; } = bytes.Buffer.AsMemory(bytes.Offset, bytes.Length);
}
