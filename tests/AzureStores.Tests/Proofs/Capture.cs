using System.Net;

namespace Proofgate.AzureStores.Tests.Proofs;

/// <summary>Keeps what a client would have sent.</summary>
internal sealed class Capture : HttpMessageHandler
{
    internal HttpRequestMessage? Sent { get; private set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Sent = request;
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
    }
}
