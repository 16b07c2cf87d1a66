using Proofgate.Identity.Denials;
using Proofgate.Support;

namespace Proofgate.Identity.Tests.Denials;

[Trait("Rule", "K6")]
public sealed class DenySnapshotTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static Caller Caller { get; } = new()
    {
        Subject = "alice",
        Kind = SubjectKind.User,
        Client = "app",
        Tenant = "contoso",
        Actors = ["agent", "helper"],
        Method = AuthenticationMethod.Jwt,
        Issuer = "https://issuer.example/",
        TokenId = "jti-1",
        SigningKeyId = "key one",
        Thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I",
        Expires = DateTimeOffset.MaxValue,
    };

    [Theory]
    [InlineData("jti", "jti-1", true)]
    [InlineData("jti", "jti-2", false)]
    [InlineData("jti", "alice", false)]
    [InlineData("subject", "alice", true)]
    [InlineData("subject", "Alice", false)]
    [InlineData("subject", "app", false)]
    [InlineData("subject", "agent", true)]
    [InlineData("subject", "helper", true)]
    [InlineData("client", "app", true)]
    [InlineData("client", "alice", false)]
    [InlineData("thumbprint", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I", true)]
    [InlineData("issuer-key", "https://issuer.example/ key one", true)]
    [InlineData("issuer-key", "https://issuer.example/ key", false)]
    [InlineData("issuer-key", "https://issuer.example key one", false)]
    public void Entry_BitesWhatItNames(string kind, string value, bool denied) =>
        Assert.Equal(denied, new DenySnapshot([Entry(kind, value)]).Denies(Caller, Now));

    [Fact]
    public void Entry_BitesCallersOfItsOwnTenantOnly()
    {
        var snapshot = new DenySnapshot([Entry("subject", "alice"), Entry("subject", "bob") with { Tenant = "fabrikam" }]);
        Assert.False(snapshot.Denies(Caller with { Tenant = "fabrikam" }, Now));
        Assert.False(snapshot.Denies(Caller with { Subject = "bob" }, Now));
        Assert.True(snapshot.Denies(Caller with { Subject = "bob", Tenant = "fabrikam" }, Now));
    }

    [Fact]
    public void Entry_StopsBiting_AtItsEnd()
    {
        var snapshot = new DenySnapshot([Entry("subject", "alice") with { Until = Now.AddSeconds(1) }]);
        Assert.True(snapshot.Denies(Caller, Now));
        Assert.False(snapshot.Denies(Caller, Now.AddSeconds(1)));
    }

    [Fact]
    public void CallerWithoutTheField_IsNotDenied()
    {
        var snapshot = new DenySnapshot([Entry("jti", "jti-1"), Entry("thumbprint", Caller.Thumbprint!), Entry("issuer-key", "https://issuer.example/ key one")]);
        Assert.False(snapshot.Denies(Caller with { TokenId = null, Thumbprint = null, SigningKeyId = null }, Now));
        Assert.False(snapshot.Denies(Caller with { TokenId = null, Thumbprint = null, Issuer = null }, Now));
    }

    [Fact]
    public void Look_AllocatesNothing()
    {
        var snapshot = new DenySnapshot(Enumerable.Range(0, 1000).SelectMany(static i => DenyKinds.All.Select(k => Entry(k, $"other {i}"))));
        Assert.False(snapshot.Denies(Caller, Now));
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                snapshot.Denies(Caller, Now);
            }
        }));
    }

    private static DenyEntry Entry(string kind, string value) => new()
    {
        Tenant = "contoso",
        Kind = DenyKinds.TryParse(kind, out var parsed) ? parsed : throw new ArgumentException(kind),
        Value = value,
        By = "admin",
        Created = Now,
    };
}
