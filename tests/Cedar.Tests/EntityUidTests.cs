using CsCheck;
using Proofgate.Cedar.Tests.Support;

namespace Proofgate.Cedar.Tests;

public sealed class EntityUidTests
{
    [Fact]
    public void Text_ReadsBack_ForAnyId() =>
        Gen.Select(Gen.OneOf("A", "N::A", "_x::Y::Z9"), Generators.Text)
            .Sample((type, id) => EntityUid.TryParse(new EntityUid(type, id).ToString(), out var uid) && uid == new EntityUid(type, id));

    [Theory]
    [InlineData(" N :: A // comment\n :: \"x\" ", "N::A::\"x\"")]
    [InlineData("principal::\"x\"", "principal::\"x\"")]
    public void Text_IsRead_WithSpaceBetweenTokens(string text, string expected)
    {
        Assert.True(EntityUid.TryParse(text, out var uid));
        Assert.Equal(expected, uid.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("A::")]
    [InlineData("A \"x\"")]
    [InlineData("A::x")]
    [InlineData("A::\"x")]
    [InlineData("A::\"x\"; ")]
    [InlineData("::\"x\"")]
    [InlineData("in::\"x\"")]
    [InlineData("__cedar::A::\"x\"")]
    [InlineData("A-B::\"x\"")]
    public void Text_IsRefused(string? text) => Assert.False(EntityUid.TryParse(text, out _));

    [Theory]
    [InlineData("A", true)]
    [InlineData("N::A_1", true)]
    [InlineData("", false)]
    [InlineData("N::", false)]
    [InlineData("::A", false)]
    [InlineData("N :: A", false)]
    [InlineData("1A", false)]
    [InlineData("N::if", false)]
    [InlineData("Ä", false)]
    public void Type_IsValid_IfItIsAPath(string type, bool valid) => Assert.Equal(valid, EntityUid.IsValidType(type));
}
