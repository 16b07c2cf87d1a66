namespace Proofgate.Protection.Tests;

public sealed class KindTests
{
    [Theory]
    [InlineData("EMAIL_ADDRESS", true)]
    [InlineData("A1", true)]
    [InlineData("", false)]
    [InlineData("email", false)]
    [InlineData("_A", false)]
    [InlineData("1A", false)]
    [InlineData("A]", false)]
    public void TryParse_TakesUpperCaseNames_Only(string text, bool expected)
    {
        Assert.Equal(expected, Kind.TryParse(text, out var kind));
        Assert.Equal(expected ? text : null, kind.Name);
    }

    [Fact]
    public void TryParse_Refuses_ALongName() => Assert.False(Kind.TryParse(new string('A', 65), out _));

    [Fact]
    public void KindCounts_AddUpMergeAndClear()
    {
        var (a, b) = (new Kind("A"), new Kind("B"));
        var counts = new KindCounts();
        counts.Add(b);
        counts.Add(a, 2);
        counts.Add(a, 0);
        var more = new KindCounts();
        more.Add(b, 3);
        counts.Add(more);

        Assert.Equal((2, 4, 6), (counts[a], counts[b], counts.Total));
        Assert.Equal(["B", "A"], counts.Select(pair => pair.Key));
        Assert.Equal(["A", "B"], counts.ToDictionary().Keys);
        Assert.Throws<ArgumentOutOfRangeException>(() => counts.Add(a, -1));
        counts.Clear();
        Assert.Equal((0, 0, 0), (counts[a], counts.Count, counts.Total));
    }
}
