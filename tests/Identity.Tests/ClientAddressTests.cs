using System.Net;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Proofgate.Identity.Tests;

[Trait("Rule", "N1")]
public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("203.0.113.7:5678", "203.0.113.7")]
    [InlineData("203.0.113.7:0", "203.0.113.7")]
    [InlineData("203.0.113.7:65535", "203.0.113.7")]
    [InlineData("  203.0.113.7\t", "203.0.113.7")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("2001:DB8::1", "2001:db8::1")]
    [InlineData("[2001:db8::1]", "2001:db8::1")]
    [InlineData("[2001:db8::1]:443", "2001:db8::1")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("[::ffff:203.0.113.7]:80", "203.0.113.7")]
    [InlineData("::ffff:cb00:7107", "203.0.113.7")]
    public void Of_ReadsTheAddress_InEachFormThatProxiesWrite(string entry, string expected) =>
        Assert.Equal(IPAddress.Parse(expected), Of(1, entry));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("unknown")]
    [InlineData("_hidden")]
    [InlineData("example.com")]
    [InlineData("203.0.113")]
    [InlineData("203.0.113.256")]
    [InlineData("203.0.113.007")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("127.1")]
    [InlineData("203.0.113.7:")]
    [InlineData("203.0.113.7:65536")]
    [InlineData("203.0.113.7:-1")]
    [InlineData("203.0.113.7:80:80")]
    [InlineData("[203.0.113.7]")]
    [InlineData("[2001:db8::1")]
    [InlineData("2001:db8::1]")]
    [InlineData("[2001:db8::1]x")]
    [InlineData("[2001:db8::1]:")]
    [InlineData("[[2001:db8::1]]")]
    [InlineData("fe80::1%eth0")]
    [InlineData("fe80::1%1")]
    [InlineData("2001:db8::1/64")]
    [InlineData("203.0.113.7 198.51.100.1")]
    [InlineData("\"203.0.113.7\"")]
    [InlineData("203.0.113.7, ")]
    public void Of_IsNull_WhereTheEntryIsMalformed(string entry) => Assert.Null(Of(1, entry));

    [Theory]
    [InlineData(1, "203.0.113.3")]
    [InlineData(2, "203.0.113.2")]
    [InlineData(3, "203.0.113.1")]
    [InlineData(4, null)]
    public void Of_CountsFromTheRight_WithAnyNumberOfHops(int hops, string? expected)
    {
        var address = expected is null ? null : IPAddress.Parse(expected);
        Assert.Equal(address, Of(hops, "203.0.113.1, 203.0.113.2:1234,203.0.113.3"));
        Assert.Equal(address, Of(hops, "203.0.113.1", "203.0.113.2,203.0.113.3"));
        Assert.Equal(address, Of(hops, "203.0.113.1", "203.0.113.2", "203.0.113.3"));
    }

    [Fact]
    public void Of_IgnoresWhatTheSenderForged_WhateverItSays() =>
        Gen.Select(Gen.String[Gen.Char["0123456789abcdef.:,[] \t%\"x"], 0, 200], Gen.Int[1, 3]).Sample((forged, hops) =>
        {
            // Each trusted proxy appends the address it saw; the first of them saw the client.
            var honest = string.Join(", ", Enumerable.Range(0, hops).Select(i => i == 0 ? "198.51.100.9:40000" : $"10.0.0.{i}"));
            var expected = IPAddress.Parse("198.51.100.9");
            return Equals(expected, Of(hops, $"{forged}, {honest}")) && Equals(expected, Of(hops, forged, honest));
        });

    [Fact]
    public void Of_CountsEmptyEntries_SoThatTheyShiftNothing()
    {
        Assert.Equal(IPAddress.Parse("203.0.113.1"), Of(2, "10.9.9.9, 203.0.113.1, "));
        Assert.Null(Of(2, "10.9.9.9,,203.0.113.1"));
    }

    [Fact]
    public void Of_ReadsTheHeaderNever_WithoutTrustedHops()
    {
        var headers = new HeaderDictionary { ["X-Forwarded-For"] = "203.0.113.7" };
        Assert.Equal(IPAddress.Parse("192.0.2.1"), Reader(0).Of(headers, IPAddress.Parse("192.0.2.1")));
        Assert.Equal(IPAddress.Parse("192.0.2.1"), Reader(0).Of(headers, IPAddress.Parse("::ffff:192.0.2.1")));
        Assert.Null(Reader(0).Of(headers, null));
    }

    [Fact]
    public void Of_IgnoresThePeer_WithTrustedHops() => Assert.Null(Reader(1).Of(new HeaderDictionary(), IPAddress.Loopback));

    [Fact]
    public void Of_IsNull_WhereTheHeaderIsTooLong()
    {
        var fits = string.Concat(Enumerable.Repeat("1.1.1.1,", 500)) + "203.0.113.7";
        Assert.Equal(IPAddress.Parse("203.0.113.7"), Of(1, fits));
        Assert.Null(Of(1, new string(',', ClientAddress.MaxHeaderLength - 10) + "203.0.113.7"));
        Assert.Null(Of(1, new string(',', ClientAddress.MaxHeaderLength), "203.0.113.7"));
    }

    private static IPAddress? Of(int hops, params string[] lines) =>
        Reader(hops).Of(new HeaderDictionary { ["X-Forwarded-For"] = lines }, IPAddress.Parse("192.0.2.1"));

    private static ClientAddress Reader(int hops) => new(Options.Create(new ClientAddressOptions { TrustedHops = hops }));
}
