using System.Net;

namespace Proofgate.AzureStores.Tests.Policies;

/// <summary>Storage that refuses every write, as it refuses who may create a blob and not replace it. Reads are real.</summary>
internal sealed class RefusedWrites() : DelegatingHandler(new SocketsHttpHandler())
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method != HttpMethod.Put)
            return base.SendAsync(request, cancellationToken);
        var refused = new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new ByteArrayContent([]) };
        refused.Headers.Add("x-ms-error-code", "AuthorizationPermissionMismatch");
        return Task.FromResult(refused);
    }
}
