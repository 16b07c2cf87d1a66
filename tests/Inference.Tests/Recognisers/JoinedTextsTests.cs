using Proofgate.Inference.Recognisers;

namespace Proofgate.Inference.Tests.Recognisers;

public sealed class JoinedTextsTests
{
    [Fact]
    public void Texts_AreJoinedUpToALength_AndNoneIsCut()
    {
        var joined = JoinedTexts.Of(["aaaa", "bbbb", new string('c', 50), "12 34", "d"], 12).Select(static j => j.Text).ToList();
        Assert.Equal(["aaaa\n\nbbbb", new string('c', 50), "d"], joined);
    }

    [Theory]
    [InlineData(0, 3, "Ada")]
    [InlineData(1, 2, "Ada")]
    [InlineData(3, 8, "Bo")]
    [InlineData(0, 8, "Ada|Bo")]
    [InlineData(3, 5, "")]
    [InlineData(9, 15, "d'Arc")]
    public void Finding_IsOfOneText_AndOfWholeWords(int start, int end, string values) =>
        Assert.Equal(values, string.Join('|', JoinedTexts.Of(["Ada", "Bo, d'Arc"], 100).Single().ValuesIn(start, end)));

    [Fact]
    public void CodePoints_AreCounted_NotHalvesOfPairs()
    {
        var points = new CodePoints("a😀b");
        Assert.Equal(3, points.Count);
        Assert.Equal([0, 1, 3, 4], Enumerable.Range(0, 4).Select(points.IndexOf));
        Assert.Equal(2, new CodePoints("ab").Count);
    }
}
