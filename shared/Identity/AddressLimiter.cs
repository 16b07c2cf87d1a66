using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Proofgate.Identity;

/// <summary>
/// A token bucket for each network (/32 of IPv4, /64 of IPv6), asked before anything that an unauthenticated request could make costly: a read
/// of the key store, a signature check. <see cref="Authenticator"/> asks it itself; a key that is in memory costs nothing and is never limited.
/// </summary>
/// <remarks>
/// The table is of one size for ever. In a flood of more networks than it holds, the fullest bucket of a row makes room: who was refused most
/// is forgotten last. All requests without a known address share one bucket.
/// </remarks>
public sealed class AddressLimiter
{
    private const int Ways = 8;

    private readonly Bucket[] _buckets;
    private readonly Lock[] _locks = new Lock[64];
    private readonly double _capacity;
    private readonly double _perSecond;
    private readonly TimeProvider _time;

    public AddressLimiter(IOptions<IdentityOptions> options, TimeProvider time)
        : this(options.Value.LookupsPerMinute, options.Value.TrackedNetworks, time)
    {
    }

    private AddressLimiter(int perMinute, int networks, TimeProvider time)
    {
        _time = time;
        _capacity = perMinute;
        _perSecond = _capacity / 60;
        _buckets = new Bucket[Math.Max(1, networks / Ways) * Ways];
        for (var i = 0; i < _locks.Length; i++)
        {
            _locks[i] = new Lock();
        }
    }

    /// <summary>A limiter of its own, for what must not use up the tokens of the others.</summary>
    /// <param name="perMinute">Tokens of one network each minute.</param>
    /// <param name="networks">Networks that are remembered at once.</param>
    /// <param name="time">The clock.</param>
    public static AddressLimiter Of(int perMinute, int networks, TimeProvider time) => new(perMinute, networks, time);

    /// <summary>Takes one token of the address's network.</summary>
    public AddressVerdict TryTake(IPAddress? address)
    {
        var network = Network.Of(address);
        var row = (int)((uint)network.GetHashCode() % (uint)(_buckets.Length / Ways));
        lock (_locks[row % _locks.Length])
        {
            return Take(ref Find(_buckets.AsSpan(row * Ways, Ways), network, _time.GetTimestamp()));
        }
    }

    /// <summary>Gives a token back: what was looked at proved genuine, and only strangers are limited.</summary>
    public void Return(IPAddress? address)
    {
        var network = Network.Of(address);
        var row = (int)((uint)network.GetHashCode() % (uint)(_buckets.Length / Ways));
        lock (_locks[row % _locks.Length])
        {
            ref var bucket = ref Find(_buckets.AsSpan(row * Ways, Ways), network, _time.GetTimestamp());
            bucket.Tokens = Math.Min(_capacity, bucket.Tokens + 1);
        }
    }

    private ref Bucket Find(Span<Bucket> row, Network network, long now)
    {
        var fullest = 0;
        for (var i = 0; i < row.Length; i++)
        {
            ref var bucket = ref row[i];
            if (bucket.Network.Family == 0)
            {
                bucket = new Bucket { Tokens = _capacity, At = now };
            }

            bucket.Tokens = Math.Min(_capacity, bucket.Tokens + (_time.GetElapsedTime(bucket.At, now).TotalSeconds * _perSecond));
            bucket.At = now;
            if (bucket.Network == network)
            {
                return ref bucket;
            }

            if (bucket.Tokens > row[fullest].Tokens)
            {
                fullest = i;
            }
        }

        row[fullest] = new Bucket { Network = network, Tokens = _capacity, At = now };
        return ref row[fullest];
    }

    private AddressVerdict Take(ref Bucket bucket)
    {
        if (bucket.Tokens >= 1)
        {
            bucket.Tokens--;
            return new AddressVerdict(true, TimeSpan.Zero);
        }

        return new AddressVerdict(false, TimeSpan.FromSeconds((1 - bucket.Tokens) / _perSecond));
    }

    private struct Bucket
    {
        public Network Network;
        public double Tokens;
        public long At;
    }

    /// <summary>Family 0 is nobody (a free bucket), 1 an unknown address, 4 and 6 the versions of IP.</summary>
    private readonly record struct Network(byte Family, ulong Prefix)
    {
        public static Network Of(IPAddress? address)
        {
            if (address is null)
            {
                return new Network(1, 0);
            }

            Span<byte> bytes = stackalloc byte[16];
            var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            plain.TryWriteBytes(bytes, out _);
            return plain.AddressFamily == AddressFamily.InterNetwork
                ? new Network(4, BinaryPrimitives.ReadUInt32BigEndian(bytes))
                : new Network(6, BinaryPrimitives.ReadUInt64BigEndian(bytes));
        }

        public bool Equals(Network other) => Family == other.Family && Prefix == other.Prefix;

        /// <summary>Seeded for each process, so that nobody can aim at a row.</summary>
        public override int GetHashCode() => HashCode.Combine(Family, Prefix);
    }
}
