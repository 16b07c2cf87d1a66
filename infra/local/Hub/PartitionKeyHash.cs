using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Proofgate.Local.Hub;

/// <summary>
/// The hash by which Event Hubs maps a partition key to a partition (lookup3 of Bob Jenkins, public domain, folded to 16 bits). Buffering
/// producers compute it themselves, so a broker that used another one would part the events of a key.
/// </summary>
internal static class PartitionKeyHash
{
    internal static int PartitionOf(string key, int partitions) => Math.Abs(Fold(Encoding.UTF8.GetBytes(key)) % partitions);

    private static short Fold(ReadOnlySpan<byte> bytes)
    {
        uint a, b, c;
        a = b = c = 0xdeadbeef + (uint)bytes.Length;
        if (bytes.IsEmpty)
            return unchecked((short)(c ^ b));
        while (bytes.Length > 12)
        {
            Add(bytes, ref a, ref b, ref c);
            a = (a - c) ^ BitOperations.RotateLeft(c, 4);
            c += b;
            b = (b - a) ^ BitOperations.RotateLeft(a, 6);
            a += c;
            c = (c - b) ^ BitOperations.RotateLeft(b, 8);
            b += a;
            a = (a - c) ^ BitOperations.RotateLeft(c, 16);
            c += b;
            b = (b - a) ^ BitOperations.RotateLeft(a, 19);
            a += c;
            c = (c - b) ^ BitOperations.RotateLeft(b, 4);
            b += a;
            bytes = bytes[12..];
        }

        Span<byte> last = stackalloc byte[12];
        last.Clear();
        bytes.CopyTo(last);
        Add(last, ref a, ref b, ref c);
        c = (c ^ b) - BitOperations.RotateLeft(b, 14);
        a = (a ^ c) - BitOperations.RotateLeft(c, 11);
        b = (b ^ a) - BitOperations.RotateLeft(a, 25);
        c = (c ^ b) - BitOperations.RotateLeft(b, 16);
        a = (a ^ c) - BitOperations.RotateLeft(c, 4);
        b = (b ^ a) - BitOperations.RotateLeft(a, 14);
        c = (c ^ b) - BitOperations.RotateLeft(b, 24);
        return unchecked((short)(c ^ b));
    }

    private static void Add(ReadOnlySpan<byte> bytes, ref uint a, ref uint b, ref uint c)
    {
        a += BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        b += BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        c += BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
    }
}
