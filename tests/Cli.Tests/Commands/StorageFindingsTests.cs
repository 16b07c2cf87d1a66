using Proofgate.AzureStores;
using Proofgate.Cli.Doctor;

namespace Proofgate.Cli.Tests.Commands;

/// <summary>What <c>doctor</c> advises where a right, a network or a thing is missing.</summary>
public sealed class StorageFindingsTests
{
    [Theory]
    [InlineData("table", "ProofgateKeys", "status 403 AuthorizationPermissionMismatch", "az role assignment create --role \"Storage Table Data Reader\"", "/tableServices/default/tables/ProofgateKeys")]
    [InlineData("container", "audit-evidence", "status 403 AuthorizationPermissionMismatch", "az role assignment create --role \"Storage Blob Data Reader\"", "/blobServices/default/containers/audit-evidence")]
    [InlineData("secret", "AuditMaster", "status 403 ForbiddenByRbac", "az role assignment create --role \"Key Vault Reader\"", "$(az keyvault show --name acme --query id -o tsv)")]
    [InlineData("secret", "AuditMaster", "status 404 SecretNotFound", "az keyvault secret set --vault-name acme --name AuditMaster", "")]
    [InlineData("secret", "AuditMaster", "status 403 ForbiddenByFirewall", "the network", "")]
    [InlineData("table", "ProofgateKeys", "status 403 AuthorizationFailure", "the network", "")]
    [InlineData("table", "ProofgateKeys", "no token for the configured identity", "az login", "")]
    [InlineData("container", "audit-evidence", "status 404 ContainerNotFound", "deploy the template again", "")]
    public void Advice_NamesTheRoleAndTheCommand(string kind, string name, string problem, string advice, string scope)
    {
        var finding = StorageFindings.Of(new StoreCheck(kind, name, "acme", $"It could not be read from: {problem}."));
        Assert.Equal((CheckState.Failed, $"{kind} {name}"), (finding.State, finding.Check));
        Assert.Contains(advice, finding.Fix, StringComparison.Ordinal);
        Assert.Contains(scope, finding.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void NothingIsAdvised_WhereNothingIsWrong() =>
        Assert.Equal(Finding.Ok("secret AuditMaster", "it is there"), StorageFindings.Of(new StoreCheck("secret", "AuditMaster", "acme", null)));
}
