using System.Security.Cryptography;
using System.Text;
using Proofgate.Local.Hub;

namespace Proofgate.Local.Tests.Hub;

/// <summary>hub.md, $cbs: what a token proves.</summary>
public sealed class SasTokenTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    [Fact]
    public void Token_CoversItsResource_AndWhatLiesBelowIt_WhileItLasts()
    {
        var token = Check(Sign("sb://127.0.0.1:5672/audit"))!.Value;
        Assert.Equal("audit", token.Path);
        Assert.True(token.Covers("audit", Now));
        Assert.True(token.Covers("AUDIT/Partitions/0", Now));
        Assert.False(token.Covers("audit2", Now));
        Assert.False(token.Covers("other/audit", Now));
        Assert.False(token.Covers("audit", token.Until));
        Assert.True(Check(Sign("sb://127.0.0.1/"))!.Value.Covers("anything", Now));
        Assert.Equal("audit/ConsumerGroups/$Default/Partitions/0", Check(Sign("amqps://127.0.0.1/audit/ConsumerGroups/$Default/Partitions/0"))!.Value.Path);
    }

    [Fact]
    public void Token_ProvesNothing_WhenAnyPartOfItDiffers()
    {
        var good = Sign("sb://127.0.0.1/audit");
        Assert.NotNull(Check(good));
        Assert.Null(Check(good.Replace("audit", "other", StringComparison.Ordinal)));
        Assert.Null(Check(good.Replace("se=1800000060", "se=1800000061", StringComparison.Ordinal)));
        Assert.Null(Check(good.Replace("skn=name", "skn=another", StringComparison.Ordinal)));
        Assert.Null(Check(Sign("sb://127.0.0.1/audit", key: "another")));
        Assert.Null(Check(Sign("sb://127.0.0.1/audit", seconds: 0)));
        Assert.Null(Check(Sign("no address")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer x")]
    [InlineData("SharedAccessSignature ")]
    [InlineData("SharedAccessSignature sr=a&sig=b&se=c&skn=name")]
    [InlineData("SharedAccessSignature sr=a&sr=b&sig=%&se=99999999999999999999&skn=name")]
    public void Text_IsNoToken(string? text) => Assert.Null(Check(text));

    private static SasToken? Check(string? text) => SasToken.TryCheck(text, "name", "key", Now);

    private static string Sign(string resource, string key = "key", int seconds = 60)
    {
        var (sr, se) = (Uri.EscapeDataString(resource), Now.ToUnixTimeSeconds() + seconds);
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{sr}\n{se}")));
        return $"SharedAccessSignature sr={sr}&sig={Uri.EscapeDataString(signature)}&se={se}&skn=name";
    }
}
