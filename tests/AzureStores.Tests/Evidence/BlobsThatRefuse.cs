using System.Net;

namespace Proofgate.AzureStores.Tests.Evidence;

/// <summary>A blob service that answers every request with one status, as such a service does: its code in a header.</summary>
internal sealed class BlobsThatRefuse(int status, string code) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent([]) };
        answer.Headers.Add("x-ms-error-code", code);
        return Task.FromResult(answer);
    }
}
