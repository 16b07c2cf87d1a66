using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Proofgate.Audit.Ledger;

/// <summary>A SHA-256 value of the tree (RFC 6962, 2.1): a leaf, a node or a root.</summary>
public readonly struct MerkleHash : IEquatable<MerkleHash>
{
    public const int Size = 32;

    // The bytes as they are in memory; only held, compared and copied, never read as numbers.
    private readonly UInt128 _first;
    private readonly UInt128 _second;

    public MerkleHash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
            throw new ArgumentException("A hash has 32 bytes.", nameof(bytes));
        _first = MemoryMarshal.Read<UInt128>(bytes);
        _second = MemoryMarshal.Read<UInt128>(bytes[16..]);
    }

    /// <summary>SHA-256(0x00 || body).</summary>
    public static MerkleHash OfLeaf(ReadOnlySpan<byte> body)
    {
        var length = body.Length + 1;
        byte[]? rented = null;
        var input = length <= 1024 ? stackalloc byte[1024] : rented = ArrayPool<byte>.Shared.Rent(length);
        input[0] = 0;
        body.CopyTo(input[1..]);
        var hash = Of(input[..length]);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return hash;
    }

    /// <summary>SHA-256(0x01 || left || right).</summary>
    public static MerkleHash OfNode(in MerkleHash left, in MerkleHash right)
    {
        Span<byte> input = stackalloc byte[1 + (2 * Size)];
        input[0] = 1;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + Size)..]);
        return Of(input);
    }

    /// <summary>SHA-256 of <paramref name="bytes"/> as they are.</summary>
    public static MerkleHash Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(bytes, hash);
        return new MerkleHash(hash);
    }

    public void CopyTo(Span<byte> destination)
    {
        MemoryMarshal.Write(destination, in _first);
        MemoryMarshal.Write(destination[16..], in _second);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    public bool Equals(MerkleHash other) => _first == other._first && _second == other._second;

    public override bool Equals(object? obj) => obj is MerkleHash other && Equals(other);

    public override int GetHashCode() => _first.GetHashCode();

    public override string ToString() => Convert.ToHexStringLower(ToArray());

    public static bool operator ==(MerkleHash left, MerkleHash right) => left.Equals(right);

    public static bool operator !=(MerkleHash left, MerkleHash right) => !left.Equals(right);
}
