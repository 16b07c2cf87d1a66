namespace Proofgate.Data.Tests;

/// <summary>What section <c>Proofgate:Data</c> takes.</summary>
public sealed class DataOptionsTests
{
    [Theory]
    [InlineData(1024, 1, 1, null)]
    [InlineData(256 * 1024 * 1024, 86_400_000, 120_000, null)]
    [InlineData(1023, 1, 1, "MaxAnswerBytes must be")]
    [InlineData((256 * 1024 * 1024) + 1, 1, 1, "MaxAnswerBytes must be")]
    [InlineData(1024, 0, 1, "RecheckInterval must be")]
    [InlineData(1024, 86_400_001, 1, "RecheckInterval must be")]
    [InlineData(1024, 1, 0, "CheckTimeout must be")]
    [InlineData(1024, 1, 120_001, "CheckTimeout must be")]
    public void Bounds_AreHeld_AndToldWithTheSettingsName(int maxAnswerBytes, int recheck, int timeout, string? problem)
    {
        var problems = new DataOptions
        {
            MaxAnswerBytes = maxAnswerBytes,
            RecheckInterval = TimeSpan.FromMilliseconds(recheck),
            CheckTimeout = TimeSpan.FromMilliseconds(timeout),
        }.Problems();
        Assert.Equal(problem, problems.SingleOrDefault()?[(DataOptions.Section.Length + 1)..][..(problem?.Length ?? 0)]);
    }
}
