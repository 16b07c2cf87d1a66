using System.Net;
using Proofgate.Cedar.Tests.Support;

namespace Proofgate.Cedar.Tests.Extensions;

public sealed class IpTests
{
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("10.0.0.1/8", "10.0.0.1/8")]
    [InlineData("10.0.0.1/32", "10.0.0.1")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("1::", "1::")]
    [InlineData("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1")]
    [InlineData("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0")]
    [InlineData("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8")]
    [InlineData("::ffff:7f00:1", "::ffff:7f00:1")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("00ff::/64", "ff::/64")]
    public void Text_IsRead_AndWrittenCanonically(string text, string canonical)
    {
        Assert.True(IpValue.TryParse(text, out var value));
        Assert.Equal(canonical, value.Argument);
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.1")]
    [InlineData("127.0.0.01")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("256.0.0.1")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.")]
    [InlineData("1.2.3.4/33")]
    [InlineData("1.2.3.4/08")]
    [InlineData("1.2.3.4/")]
    [InlineData("1.2.3.4/-1")]
    [InlineData("1.2.3.4/8/8")]
    [InlineData("/8")]
    [InlineData("::/129")]
    [InlineData("::/0128")]
    [InlineData(":::")]
    [InlineData("1::2::3")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4::5:6:7:8")]
    [InlineData("12345::")]
    [InlineData("g::")]
    [InlineData(":1")]
    [InlineData("1:")]
    [InlineData("::1:")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    [InlineData(" ::1")]
    [InlineData("1111:1111:1111:1111:1111:1111:1111:1111/0128")]
    public void Text_IsRefused(string text) => Assert.False(IpValue.TryParse(text, out _));

    [Theory]
    [InlineData("ip(\"10.1.2.3\").isInRange(ip(\"10.0.0.0/8\"))", "true")]
    [InlineData("ip(\"10.0.0.0/8\").isInRange(ip(\"10.0.0.0/16\"))", "false")]
    [InlineData("ip(\"10.0.0.0/16\").isInRange(ip(\"10.9.9.9/8\"))", "true")]
    [InlineData("ip(\"11.0.0.0\").isInRange(ip(\"0.0.0.0/0\"))", "true")]
    [InlineData("ip(\"::1\").isInRange(ip(\"0.0.0.0/0\"))", "false")]
    [InlineData("ip(\"2001:db8::1\").isInRange(ip(\"2001:db8::/32\"))", "true")]
    [InlineData("ip(\"2001:db9::1\").isInRange(ip(\"2001:db8::/32\"))", "false")]
    [InlineData("ip(\"::\").isInRange(ip(\"ffff::/0\"))", "true")]
    [InlineData("ip(\"127.0.0.1\").isIpv4()", "true")]
    [InlineData("ip(\"127.0.0.1\").isIpv6()", "false")]
    [InlineData("ip(\"::1\").isIpv6()", "true")]
    [InlineData("ip(\"127.9.9.9\").isLoopback()", "true")]
    [InlineData("ip(\"127.0.0.0/7\").isLoopback()", "false")]
    [InlineData("ip(\"::1\").isLoopback()", "true")]
    [InlineData("ip(\"::1/127\").isLoopback()", "false")]
    [InlineData("ip(\"::ffff:7f00:1\").isLoopback()", "false")]
    [InlineData("ip(\"239.255.0.1\").isMulticast()", "true")]
    [InlineData("ip(\"224.0.0.0/3\").isMulticast()", "false")]
    [InlineData("ip(\"ff02::1\").isMulticast()", "true")]
    [InlineData("ip(\"fe02::1\").isMulticast()", "false")]
    [InlineData("ip(\"ff00::/7\").isMulticast()", "false")]
    [InlineData("\"10.0.0.1\".isIpv4()", "error: type error: expected ipaddr, got string")]
    [InlineData("ip(\"10.0.0.1\").isInRange(ip(\"10.0.0.0/8\"), ip(\"10.0.0.0/8\"))", "error: isInRange takes 1 argument(s), not 2")]
    public void Functions_ClassifyAddresses(string expression, string expected) =>
        Assert.Equal(expected, Make.Evaluate(expression));

    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3")]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("fe80::1%3", "fe80::1")]
    public void SocketAddress_BecomesTheAddressThatPoliciesMean(string socket, string expected) =>
        Assert.Equal(expected, IpValue.From(IPAddress.Parse(socket)).Argument);
}
