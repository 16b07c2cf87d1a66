using System.Globalization;
using CsCheck;
using Proofgate.Cedar.Tests.Support;

namespace Proofgate.Cedar.Tests.Extensions;

public sealed class DatetimeTests
{
    [Theory]
    [InlineData("1970-01-01", 0)]
    [InlineData("1970-01-01T00:00:00Z", 0)]
    [InlineData("1970-01-01T00:00:01.234Z", 1_234)]
    [InlineData("1970-01-01T01:00:00+0100", 0)]
    [InlineData("1969-12-31T23:59:59.999-0000", -1)]
    [InlineData("1970-01-01T00:00:00.001-2359", 86_340_001)]
    [InlineData("2024-02-29", 1_709_164_800_000)]
    [InlineData("0000-01-01", -62_167_219_200_000)]
    [InlineData("0000-02-29", -62_162_121_600_000)]
    [InlineData("0000-12-31", -62_135_683_200_000)]
    [InlineData("0001-01-01", -62_135_596_800_000)]
    [InlineData("9999-12-31T23:59:59.999Z", 253_402_300_799_999)]
    [InlineData("9999-12-31T23:59:59.999-2359", 253_402_387_139_999)]
    public void Text_IsRead(string text, long milliseconds)
    {
        Assert.True(DatetimeValue.TryParse(text, out var value));
        Assert.Equal(milliseconds, value.Milliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2024-1-01")]
    [InlineData("2024-13-01")]
    [InlineData("2024-00-01")]
    [InlineData("2023-02-29")]
    [InlineData("1900-02-29")]
    [InlineData("2024-04-31")]
    [InlineData("2024-01-00")]
    [InlineData("2024-01-01T")]
    [InlineData("2024-01-01T00:00:00")]
    [InlineData("2024-01-01T00:00Z")]
    [InlineData("2024-01-01t00:00:00Z")]
    [InlineData("2024-01-01 00:00:00Z")]
    [InlineData("2024-01-01T24:00:00Z")]
    [InlineData("2024-01-01T00:60:00Z")]
    [InlineData("2024-01-01T00:00:60Z")]
    [InlineData("2024-01-01T00:00:00.1Z")]
    [InlineData("2024-01-01T00:00:00.1234Z")]
    [InlineData("2024-01-01T00:00:00+01:00")]
    [InlineData("2024-01-01T00:00:00+2400")]
    [InlineData("2024-01-01T00:00:00+0060")]
    [InlineData("2024-01-01T00:00:00ZZ")]
    [InlineData("2024-01-01Z")]
    [InlineData("-024-01-01")]
    [InlineData("12024-01-01")]
    public void Text_IsRefused(string text) => Assert.False(DatetimeValue.TryParse(text, out _));

    [Theory]
    [InlineData("datetime(\"2024-10-15T11:35:00Z\").toDate() == datetime(\"2024-10-15\")", "true")]
    [InlineData("datetime(\"1969-12-31T23:00:00Z\").toDate() == datetime(\"1969-12-31\")", "true")]
    [InlineData("datetime(\"2024-10-15T11:35:00Z\").toTime() == duration(\"11h35m\")", "true")]
    [InlineData("datetime(\"1969-12-31T23:00:00Z\").toTime() == duration(\"23h\")", "true")]
    [InlineData("datetime(\"1969-12-31\").toTime() == duration(\"0ms\")", "true")]
    [InlineData("datetime(\"2024-10-15\").offset(duration(\"-1d\")) == datetime(\"2024-10-14\")", "true")]
    [InlineData("datetime(\"2024-10-15\").durationSince(datetime(\"2024-10-16\")).toHours()", "-24")]
    [InlineData("datetime(\"1970-01-02\").offset(duration(\"9223372036854775807ms\"))", "error: overflow in offset")]
    [InlineData("datetime(\"1970-01-01\").offset(duration(\"-9223372036854775808ms\")).toDate()", "error: overflow in toDate")]
    [InlineData("datetime(\"1970-01-01\").offset(duration(\"-9223372036854775808ms\")).durationSince(datetime(\"1970-01-02\"))", "error: overflow in durationSince")]
    [InlineData("datetime(\"1970-01-01\").offset(1)", "error: type error: expected duration, got long")]
    [InlineData("duration(\"1d\").toDate()", "error: type error: expected datetime, got duration")]
    public void Functions_CalculateWithDates(string expression, string expected) =>
        Assert.Equal(expected, Make.Evaluate(expression));

    [Theory]
    [InlineData("1d2h3m4s5ms", 93_784_005)]
    [InlineData("-1m", -60_000)]
    [InlineData("5ms", 5)]
    [InlineData("1m1ms", 60_001)]
    [InlineData("00001s", 1_000)]
    [InlineData("-0d", 0)]
    [InlineData("9223372036854775807ms", long.MaxValue)]
    [InlineData("-9223372036854775808ms", long.MinValue)]
    public void Duration_IsRead(string text, long milliseconds)
    {
        Assert.True(DurationValue.TryParse(text, out var value));
        Assert.Equal(milliseconds, value.Milliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1")]
    [InlineData("d")]
    [InlineData("1h1d")]
    [InlineData("1s1s")]
    [InlineData("1D")]
    [InlineData("1d 1h")]
    [InlineData("1d-1h")]
    [InlineData("+1d")]
    [InlineData("1.5h")]
    [InlineData("1w")]
    [InlineData("9223372036854775808ms")]
    [InlineData("-9223372036854775809ms")]
    [InlineData("106751991168d")]
    [InlineData("1d9223372036854775807ms")]
    [InlineData("99999999999999999999999999999999999999999ms")]
    public void Duration_IsRefused(string text) => Assert.False(DurationValue.TryParse(text, out _));

    [Theory]
    [InlineData("duration(\"-90s\").toMinutes()", "-1")]
    [InlineData("duration(\"1d1ms\").toMilliseconds()", "86400001")]
    [InlineData("duration(\"1500ms\").toSeconds()", "1")]
    [InlineData("duration(\"25h\").toDays()", "1")]
    public void Duration_IsConverted_TowardsZero(string expression, string expected) =>
        Assert.Equal(expected, Make.Evaluate(expression));

    [Fact]
    public void Text_AgreesWithDotNet_ForAnyTimeItKnows() =>
        Gen.Long[-62_135_596_800_000, 253_402_300_799_999].Sample(milliseconds =>
            new DatetimeValue(milliseconds).Argument == DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
                .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
}
