using Proofgate.Client;

namespace Proofgate.Benchmarks.Micro;

/// <summary>Proofs as the client's handler makes them.</summary>
internal static class Proof
{
    internal static readonly Uri Target = new("https://gateway.example.com/v1/chat/completions");

    internal static string Make(DpopKeyPair pair, string credential)
    {
        var wire = new Wire();
        using var http = new HttpMessageInvoker(
            new ProofgateHandler(new ProofgateClientOptions { Gateway = Target, Credential = credential, KeyPair = pair }) { InnerHandler = wire });
        using var request = new HttpRequestMessage(HttpMethod.Post, Target);
        using var answer = http.SendAsync(request, CancellationToken.None).GetAwaiter().GetResult();
        return request.Headers.GetValues("DPoP").Single();
    }

    private sealed class Wire : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.OK));
    }
}
