using Azure.Core;

namespace Proofgate.AzureStores.Tests.Vault;

/// <summary>Gives a token that names the scope it was asked for.</summary>
internal sealed class KnownCredential : TokenCredential
{
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new($"token-for-{requestContext.Scopes.Single()}", DateTimeOffset.MaxValue);

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new(GetToken(requestContext, cancellationToken));
}
