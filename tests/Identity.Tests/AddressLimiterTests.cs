using System.Net;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Proofgate.Identity.Tests;

public sealed class AddressLimiterTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void TryTake_RefusesWithTheTime_AfterTheMinutesTokens()
    {
        var limiter = Limiter(60);
        var address = IPAddress.Parse("192.0.2.1");
        Assert.Equal(60, Allowed(limiter, address, 100));
        var refused = limiter.TryTake(address);
        Assert.False(refused.Allowed);
        Assert.Equal(1, refused.RetryAfter.TotalSeconds, 3);

        _time.Advance(refused.RetryAfter);
        Assert.Equal(1, Allowed(limiter, address, 5));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(60, Allowed(limiter, address, 100));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    [InlineData("192.0.2.1", null, false)]
    [InlineData(null, null, true)]
    public void TryTake_CountsTogether_WhatIsOneNetwork(string? one, string? other, bool together)
    {
        var limiter = Limiter(5);
        Assert.Equal(5, Allowed(limiter, Parse(one), 10));
        Assert.Equal(together ? 0 : 5, Allowed(limiter, Parse(other), 10));
    }

    [Fact]
    public void TryTake_NeedsNoMoreMemory_InAFloodOfNetworks()
    {
        var limiter = Limiter(5, networks: 256);
        Flood(limiter, 1000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Flood(limiter, 100_000);
        // What is allocated are the addresses themselves, 24 to 40 bytes each; nothing is kept for them.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000 * 48);
    }

    [Fact]
    public void TryTake_StillRefusesTheOffender_InAFloodOfNetworks()
    {
        var limiter = Limiter(5, networks: 256);
        var offender = IPAddress.Parse("192.0.2.1");
        Allowed(limiter, offender, 6);
        Flood(limiter, 10_000);
        Assert.False(limiter.TryTake(offender).Allowed);
    }

    [Fact]
    public void TryTake_NeverGivesMoreThanItsTokens_ToParallelCallers()
    {
        var limiter = Limiter(500);
        var allowed = 0;
        Parallel.For(0, 4000, _ =>
        {
            if (limiter.TryTake(IPAddress.Loopback).Allowed)
            {
                Interlocked.Increment(ref allowed);
            }
        });
        Assert.Equal(500, allowed);
    }

    [Fact]
    public void Return_GivesATokenBack_AndNeverMoreThanThereWere()
    {
        var limiter = Limiter(5);
        var address = IPAddress.Parse("192.0.2.1");
        Assert.Equal(5, Allowed(limiter, address, 10));
        limiter.Return(address);
        Assert.Equal(1, Allowed(limiter, address, 10));
        for (var i = 0; i < 100; i++)
        {
            limiter.Return(address);
            limiter.Return(null);
        }

        Assert.Equal(5, Allowed(limiter, address, 10));
        Assert.Equal(5, Allowed(limiter, null, 10));
    }

    private static void Flood(AddressLimiter limiter, int count)
    {
        for (var i = 1; i <= count; i++)
        {
            limiter.TryTake(new IPAddress(0x0A000000L + i));
        }
    }

    private static IPAddress? Parse(string? text) => text is null ? null : IPAddress.Parse(text);

    private static int Allowed(AddressLimiter limiter, IPAddress? address, int asked) =>
        Enumerable.Range(0, asked).Count(_ => limiter.TryTake(address).Allowed);

    private AddressLimiter Limiter(int perMinute, int networks = 8192) =>
        new(Options.Create(new IdentityOptions { LookupsPerMinute = perMinute, TrackedNetworks = networks }), _time);
}
