using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Proofgate.Cedar.Extensions;

namespace Proofgate.Cedar;

/// <summary>An <c>ipaddr</c>: an IPv4 or IPv6 address, or a range in CIDR form. The host bits of a range are kept: <c>10.0.0.1/8</c> is not <c>10.0.0.0/8</c>.</summary>
public sealed class IpValue : ExtensionValue
{
    internal IpValue(UInt128 address, int prefix, bool isV6)
    {
        Address = address;
        Prefix = prefix;
        IsV6 = isV6;
    }

    public bool IsV4 => !IsV6;

    public bool IsV6 { get; }

    /// <summary>Leading bits that name the network: 0 to 32 or 128.</summary>
    public int Prefix { get; }

    public override string Kind => "ipaddr";

    public override string Constructor => "ip";

    /// <summary>RFC 5952, section 4, always in hexadecimal groups for IPv6; the prefix only where it is not the whole address.</summary>
    public override string Argument => IpText.Format(this);

    /// <summary>127.0.0.0/8 or ::1.</summary>
    public bool IsLoopback => IsV6 ? Address == 1 && Prefix == 128 : Address >> 24 == 127 && Prefix >= 8;

    /// <summary>224.0.0.0/4 or ff00::/8.</summary>
    public bool IsMulticast => IsV6 ? Address >> 120 == 0xff && Prefix >= 8 : Address >> 28 == 0xe && Prefix >= 4;

    internal UInt128 Address { get; }

    private int Bits => IsV6 ? 128 : 32;

    private UInt128 HostMask => Prefix == Bits ? UInt128.Zero : (UInt128.MaxValue >> (128 - Bits)) >> Prefix;

    /// <summary>An address as the socket gave it. IPv4 inside IPv6 (<c>::ffff:10.0.0.1</c>, which dual-stack sockets report) becomes IPv4,
    /// so that a policy about IPv4 ranges holds however the caller connected. A scope id is dropped.</summary>
    public static IpValue From(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? new IpValue(BinaryPrimitives.ReadUInt32BigEndian(bytes), 32, isV6: false)
            : new IpValue(BinaryPrimitives.ReadUInt128BigEndian(bytes), 128, isV6: true);
    }

    /// <summary>The address without its prefix.</summary>
    public IPAddress ToAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Address);
        return new IPAddress(IsV6 ? bytes : bytes[12..]);
    }

    /// <summary>Reads an address or a CIDR range. Strict: no leading zeros, no scope ids, no IPv4 inside IPv6.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out IpValue? value) => IpText.TryParse(text, out value);

    /// <summary>Whether every address of this range is one of <paramref name="range"/>. Never between IPv4 and IPv6.</summary>
    public bool IsInRange(IpValue range) =>
        IsV6 == range.IsV6
        && (Address & ~HostMask) >= (range.Address & ~range.HostMask)
        && (Address | HostMask) <= (range.Address | range.HostMask);

    public override bool Equals(Value? other) =>
        other is IpValue that && that.Address == Address && that.Prefix == Prefix && that.IsV6 == IsV6;

    public override int GetHashCode() => HashCode.Combine(Address, Prefix, IsV6);
}
