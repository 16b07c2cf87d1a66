using Proofgate.Audit.Sealing;

namespace Proofgate.Audit.Tests.Sealing;

public sealed class IdSecretsTests
{
    private static readonly AuditKeys Keys = AuditKeys.FromMaster(new byte[32]);

    [Fact]
    public void Secret_IsOfOneCallerOnly_AndNotTheDigestsKey()
    {
        var secrets = new IdSecrets(Keys);
        var mine = secrets.Of("contoso", "sam", "app");

        Assert.Equal(mine, secrets.Of("contoso", "sam", "app"));
        Assert.All(
            new[]
            {
                secrets.Of("fabrikam", "sam", "app"), secrets.Of("contoso", "eve", "app"), secrets.Of("contoso", "sam", "other"), secrets.Of("contoso\n3\nsam", "", "app"),
                new IdSecrets(AuditKeys.FromMaster([1, .. new byte[31]])).Of("contoso", "sam", "app"), Keys.Derive("content", "contoso"),
            },
            other => Assert.NotEqual(mine, other));
    }
}
