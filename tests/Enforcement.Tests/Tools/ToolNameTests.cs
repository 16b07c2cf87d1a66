using Proofgate.Enforcement.Tools;

namespace Proofgate.Enforcement.Tests.Tools;

public sealed class ToolNameTests
{
    [Theory]
    [InlineData("weather__get_forecast", true)]
    [InlineData("a", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("weather.get", false)]
    [InlineData("w\u0435ather", false)]
    [InlineData("a b", false)]
    [InlineData("a\u200b", false)]
    public void Name_HasAsciiLettersDigitsHyphensAndUnderscoresOnly(string? name, bool valid) => Assert.Equal(valid, ToolName.IsValid(name));

    [Fact]
    public void Name_IsAtMostAsLongAsModelsTakeIt()
    {
        Assert.True(ToolName.IsValid(new string('a', 64)));
        Assert.False(ToolName.IsValid(new string('a', 65)));
    }

    [Theory]
    [InlineData("weather-2", true)]
    [InlineData("weather_2", false)]
    [InlineData("Weather", false)]
    [InlineData("", false)]
    public void Source_HasNoUnderscore_SoThatItsEndIsNotInDoubt(string name, bool valid) => Assert.Equal(valid, ToolName.IsValidSource(name));

    [Fact]
    public void Dots_BecomeHyphens() => Assert.Equal("files__read-text", ToolName.Of("files", "read.text"));
}
