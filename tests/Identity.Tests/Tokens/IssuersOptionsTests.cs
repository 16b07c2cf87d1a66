using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Proofgate.Identity.Tests.Support;

namespace Proofgate.Identity.Tests.Tokens;

/// <summary>Settings of issuers, judged at the start.</summary>
public sealed class IssuersOptionsTests
{
    private const string One = "Proofgate:Issuers:one:";

    private static readonly (string, string)[] Good =
        [(One + "Issuer", "https://login.example.com"), (One + "Audiences:0", "https://gateway"), (One + "Tenant", "contoso")];

    [Fact]
    public void Start_Succeeds_WithAnIssuerAnAudienceAndATenant() => Assert.Empty(Failures(Good));

    [Theory]
    [InlineData("Issuer", "")]
    [InlineData("Audiences:1", " ")]
    [InlineData("Algorithms:0", "none")]
    [InlineData("Algorithms:0", "HS256")]
    [InlineData("Algorithms:0", "rs256")]
    [InlineData("MetadataAddress", "http://login.example.com/x")]
    [InlineData("MetadataAddress", "https://user@login.example.com/x")]
    [InlineData("JwksUri", "ftp://login.example.com/x")]
    [InlineData("JwksUri", "")]
    [InlineData("Tenant", "")]
    [InlineData("SubjectPrefix", "a\u0001")]
    [InlineData("MaxLifetime", "00:00:01")]
    [InlineData("ClockSkew", "00:01:01")]
    [InlineData("ClockSkew", "-00:00:01")]
    [InlineData("RefreshInterval", "00:00:01")]
    [InlineData("MinRefreshInterval", "00:00:01")]
    [InlineData("MaxStale", "00:30:00")]
    [InlineData("RequireBond", "true")]
    public void Start_NamesTheKey_OfEachBadSetting(string key, string value)
    {
        var failures = Failures([.. Good, (One + key, value)]);
        Assert.StartsWith($"{One}{key} must ", Assert.Single(failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Start_ReportsAllErrors_AtOnce()
    {
        var failures = Failures([(One + "ClockSkew", "01:00:00"), (One + "TenantClaim", "tid"), (One + "Tenant", "contoso")]);
        Assert.Equal(
            [One + "Audiences", One + "ClockSkew", One + "Issuer", One + "Tenant"], failures.Select(static f => f.Split(' ')[0]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("RolesClaim", "", "RoleMap:x", "reader", "RoleMap")]
    [InlineData("GroupsClaim", "", "GroupMap:x", "research", "GroupMap")]
    [InlineData("MetadataAddress", "https://a.example", "JwksUri", "https://b.example", "JwksUri")]
    public void Start_Refuses_ASettingThatCouldNeverCount(string key, string value, string other, string otherValue, string named) =>
        Assert.StartsWith($"{One}{named} must ", Assert.Single(Failures([.. Good, (One + key, value), (One + other, otherValue)])), StringComparison.Ordinal);

    [Theory]
    [InlineData("urn:example:issuer")]
    [InlineData("http://login.example.com")]
    public void Start_NeedsToKnow_WhereTheKeysAre(string issuer)
    {
        Assert.StartsWith($"{One}MetadataAddress must ", Assert.Single(Failures([.. Good, (One + "Issuer", issuer)])), StringComparison.Ordinal);
        Assert.Empty(Failures([.. Good, (One + "Issuer", issuer), (One + "JwksUri", "https://login.example.com/keys")]));
    }

    [Theory]
    [InlineData("a:", "b:", 0)]
    [InlineData("a:", "a:", 2)]
    [InlineData("a:", "a:b:", 1)]
    [InlineData("", "b:", 1)]
    [InlineData("", "", 2)]
    public void Start_Refuses_PrefixesThatMakeOneSubjectOfTwo(string one, string two, int failures)
    {
        const string Two = "Proofgate:Issuers:two:";
        Assert.Equal(failures, Failures(
        [
            .. Good, (One + "SubjectPrefix", one), (Two + "Issuer", "https://two.example.com"), (Two + "Audiences:0", "https://gateway"),
            (Two + "Tenant", "contoso"), (Two + "SubjectPrefix", two),
        ]).Count);
    }

    [Fact]
    public void Start_Refuses_OneIssuerTwice()
    {
        const string Two = "Proofgate:Issuers:two:";
        Assert.Equal(2, Failures([.. Good, (Two + "Issuer", "https://login.example.com"), (Two + "Audiences:0", "x"), (Two + "Tenant", "t")]).Count);
    }

    private static List<string> Failures((string Key, string Value)[] settings)
    {
        var room = new Room(settings: [.. settings.GroupBy(static s => s.Key).Select(static g => g.Last())]);
        try
        {
            room.Get<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException failure)
        {
            return [.. failure.Failures];
        }
    }
}
