using Microsoft.AspNetCore.Http;
using Proofgate.AzureStores.Tests.Vault;

namespace Proofgate.AzureStores.Tests.Secrets;

public sealed class SecretsExaminationTests : IAsyncLifetime
{
    private PlayedVault _vault = null!;

    public async Task InitializeAsync() => _vault = await PlayedVault.StartAsync();

    public async Task DisposeAsync() => await _vault.DisposeAsync();

    [Fact]
    public async Task Secrets_AreLookedFor_WithoutTheirValues()
    {
        _vault.Secrets["AuditMaster"] = "canary";
        var checks = await LookAsync("AuditMaster", "Bootstrap");
        Assert.Equal([null, "Secret 'Bootstrap' could not be looked at: status 404 SecretNotFound."], checks.Select(static c => c.Problem));
        Assert.All(_vault.Asked, static a => Assert.EndsWith("/versions", a.Path.Split('?')[0], StringComparison.Ordinal));
    }

    [Fact]
    public async Task AMissingRole_IsTold()
    {
        _vault.Instead = static async http =>
        {
            http.Response.StatusCode = 403;
            await http.Response.WriteAsJsonAsync(new { error = new { code = "ForbiddenByRbac", message = "played" } });
            return true;
        };
        Assert.Equal("Secret 'AuditMaster' could not be looked at: status 403 ForbiddenByRbac.", Assert.Single(await LookAsync("AuditMaster")).Problem);
    }

    private Task<IReadOnlyList<StoreCheck>> LookAsync(params string[] names)
    {
        var options = new KeyVaultOptions { Uri = _vault.Root };
        foreach (var name in names)
            options.Secrets.Add(name);
        return SecretsExamination.LookAsync(_vault.SecretClient(), options, CancellationToken.None);
    }
}
