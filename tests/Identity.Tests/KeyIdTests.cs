namespace Proofgate.Identity.Tests;

[Trait("Rule", "K1")]
public sealed class KeyIdTests
{
    [Fact]
    public void TryParse_ReturnsTheSameText_ForEveryNewId()
    {
        for (var i = 0; i < 1000; i++)
        {
            var id = KeyId.New();
            Assert.True(KeyId.TryParse(id.ToString(), out var read));
            Assert.Equal(id, read);
            Assert.Equal(id.GetHashCode(), read.GetHashCode());
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Ab3dE6g")]
    [InlineData("Ab3dE6gHi")]
    [InlineData("Ab3dE6g_")]
    [InlineData("Ab3dE6gé")]
    [InlineData("Ab3d/6gH")]
    public void TryParse_Refuses_AnythingButEightBase62Characters(string? text) => Assert.False(KeyId.TryParse(text, out _));

    [Fact]
    public void Equals_TellsApart_ByCase()
    {
        Assert.True(KeyId.TryParse("Ab3dE6gH", out var one));
        Assert.True(KeyId.TryParse("aB3dE6gH", out var other));
        Assert.NotEqual(one, other);
    }

    [Fact]
    public void ToString_IsEmpty_ForTheDefault() => Assert.Empty(default(KeyId).ToString());
}
