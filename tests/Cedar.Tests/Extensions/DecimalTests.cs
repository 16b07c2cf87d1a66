using Proofgate.Cedar.Tests.Support;

namespace Proofgate.Cedar.Tests.Extensions;

public sealed class DecimalTests
{
    [Theory]
    [InlineData("0.0", 0)]
    [InlineData("1.5", 15_000)]
    [InlineData("-0.5", -5_000)]
    [InlineData("-0.0", 0)]
    [InlineData("0001.2300", 12_300)]
    [InlineData("922337203685477.5807", long.MaxValue)]
    [InlineData("-922337203685477.5808", long.MinValue)]
    public void Text_IsRead(string text, long units)
    {
        Assert.True(DecimalValue.TryParse(text, out var value));
        Assert.Equal(units, value.Units);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("-.5")]
    [InlineData("+1.0")]
    [InlineData("--1.0")]
    [InlineData("1.12345")]
    [InlineData("1.-2")]
    [InlineData("1.0 ")]
    [InlineData("1,0")]
    [InlineData("١.٠")]
    [InlineData("922337203685477.5808")]
    [InlineData("-922337203685477.5809")]
    [InlineData("99999999999999999999999999999999999999999999999999.0")]
    public void Text_IsRefused(string text) => Assert.False(DecimalValue.TryParse(text, out _));

    [Theory]
    [InlineData("decimal(\"1.1\").lessThan(decimal(\"1.11\"))", "true")]
    [InlineData("decimal(\"1.1\").lessThanOrEqual(decimal(\"1.1\"))", "true")]
    [InlineData("decimal(\"-1.1\").greaterThan(decimal(\"-1.2\"))", "true")]
    [InlineData("decimal(\"1.1\").greaterThanOrEqual(decimal(\"1.2\"))", "false")]
    [InlineData("decimal(\"1.1\").lessThan(1)", "error: type error: expected decimal, got long")]
    [InlineData("1.lessThan(decimal(\"1.1\"))", "error: type error: expected decimal, got long")]
    [InlineData("decimal(1)", "error: type error: expected string, got long")]
    [InlineData("decimal(\"1\")", "error: the text is no decimal or out of range (write decimal(\"12.34\"), with one to four digits after the point)")]
    [InlineData("decimal()", "error: decimal takes 1 argument(s), not 0")]
    [InlineData("decimal(\"1.1\").lessThan()", "error: lessThan takes 1 argument(s), not 0")]
    public void Functions_CompareDecimals(string expression, string expected) =>
        Assert.Equal(expected, Make.Evaluate(expression));
}
