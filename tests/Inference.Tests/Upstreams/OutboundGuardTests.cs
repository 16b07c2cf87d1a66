using System.Net;
using Microsoft.Extensions.Options;
using Proofgate.Inference.Upstreams;

namespace Proofgate.Inference.Tests.Upstreams;

public sealed class OutboundGuardTests
{
    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("20.42.0.1", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("100.128.0.1", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.255.255.254", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("168.63.129.16", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::7f00:1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:169.254.169.254", false)]
    [InlineData("64:ff9b::a9fe:a9fe", false)]
    [InlineData("2001::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2002:a9fe:a9fe::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("fe80::1%2", false)]
    [InlineData("fec0::1", false)]
    [InlineData("ff02::1", false)]
    public void Address_IsAllowed_OnlyWhereThePublicInternetIs(string address, bool allowed) =>
        Assert.Equal(allowed, Guard().Allows(IPAddress.Parse(address)));

    [Fact]
    public void Loopback_IsAllowed_WhereTheSettingSays()
    {
        var guard = Guard(o => o.AllowLoopback = true);

        Assert.True(guard.Allows(IPAddress.Loopback));
        Assert.True(guard.Allows(IPAddress.IPv6Loopback));
        Assert.True(guard.Allows(IPAddress.Parse("::ffff:127.0.0.1")));
        Assert.False(guard.Allows(IPAddress.Parse("10.0.0.1")));
        // A listed network does not open this machine.
        Assert.False(Guard(o => o.AllowedNetworks.Add("0.0.0.0/0")).Allows(IPAddress.Loopback));
    }

    [Fact]
    public void Network_IsAllowed_WhereItIsListed()
    {
        var guard = Guard(o => o.AllowedNetworks.Add("10.2.0.0/16"));

        Assert.True(guard.Allows(IPAddress.Parse("10.2.3.4")));
        Assert.True(guard.Allows(IPAddress.Parse("::ffff:10.2.3.4")));
        Assert.False(guard.Allows(IPAddress.Parse("10.3.0.1")));
    }

    [Fact]
    public void Options_NameTheirKey_WhenTheyAreWrong()
    {
        var options = new OutboundOptions { ConnectTimeout = TimeSpan.Zero, MaxConnections = 0 };
        options.AllowedNetworks.Add("10.0.0.0");
        Assert.All(options.Problems(), static p => Assert.StartsWith("Proofgate:Outbound:", p, StringComparison.Ordinal));
        Assert.Equal(3, options.Problems().Count());

        var inference = new InferenceOptions { FirstTokenTimeout = TimeSpan.Zero, Heartbeat = TimeSpan.FromDays(1), MaxEventBytes = 1, MaxAnswerBytes = 1 };
        Assert.All(inference.Problems(), static p => Assert.StartsWith("Proofgate:Inference:", p, StringComparison.Ordinal));
        Assert.Equal(4, inference.Problems().Count());
    }

    private static OutboundGuard Guard(Action<OutboundOptions>? change = null)
    {
        var options = new OutboundOptions();
        change?.Invoke(options);
        return new OutboundGuard(Options.Create(options));
    }
}
