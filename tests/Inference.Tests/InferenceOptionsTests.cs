namespace Proofgate.Inference.Tests;

public sealed class InferenceOptionsTests
{
    [Fact]
    public void Options_NameTheirKey_WhenTheyAreWrong()
    {
        var inference = new InferenceOptions { FirstTokenTimeout = TimeSpan.Zero, Heartbeat = TimeSpan.FromDays(1), MaxEventBytes = 1, MaxAnswerBytes = 1 };
        Assert.All(inference.Problems(), static p => Assert.StartsWith("Proofgate:Inference:", p, StringComparison.Ordinal));
        Assert.Equal(4, inference.Problems().Count());
    }
}
