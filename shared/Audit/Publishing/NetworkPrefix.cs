using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Proofgate.Audit.Publishing;

/// <summary>The network that a client's address stands for when refusals are counted: /24 of IPv4, /48 of IPv6. All unknown addresses are one.</summary>
internal readonly record struct NetworkPrefix(int Family, ulong Bits)
{
    internal static NetworkPrefix Of(IPAddress? address)
    {
        if (address is null)
            return default;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? new NetworkPrefix(4, BinaryPrimitives.ReadUInt32BigEndian(bytes) >> 8)
            : new NetworkPrefix(6, BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
    }
}
