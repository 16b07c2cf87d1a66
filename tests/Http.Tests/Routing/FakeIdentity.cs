using System.Collections.Concurrent;
using Azure.Core;

namespace Proofgate.Http.Tests.Routing;

/// <summary>Who we are to Azure, played.</summary>
internal sealed class FakeIdentity : TokenCredential
{
    internal const string Token = "token-of-the-managed-identity-0123456789";

    /// <summary>The scopes that tokens were asked for.</summary>
    internal ConcurrentQueue<string> Asked { get; } = new();

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        Asked.Enqueue(string.Join(' ', requestContext.Scopes));
        return new AccessToken(Token, TimeProvider.System.GetUtcNow().AddHours(1));
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
}
