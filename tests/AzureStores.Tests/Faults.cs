using System.Net;
using System.Text;

namespace Proofgate.AzureStores.Tests;

/// <summary>A network that does to each request in turn what was asked for, the last fault again and again, and keeps a record of all.</summary>
internal sealed class Faults(params Fault[] faults) : DelegatingHandler(new SocketsHttpHandler())
{
    private int _next;

    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Method, address and body of each attempt.</summary>
    internal List<(HttpMethod Method, Uri Address, string Body)> Sent { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        Sent.Add((request.Method, request.RequestUri!, body));
        var fault = faults.Length == 0 ? Fault.None : faults[Math.Min(_next++, faults.Length - 1)];
        switch (fault)
        {
            case Fault.NotSent:
                throw new HttpRequestException("the test dropped it");
            case Fault.ReplyLost:
                (await base.SendAsync(request, cancellationToken)).Dispose();
                throw new HttpRequestException("the test dropped its answer");
            case Fault.Hangs:
                await Task.Delay(Timeout.Infinite, cancellationToken);
                break;
            case Fault.Busy:
                return Answer(HttpStatusCode.ServiceUnavailable, "ServerBusy");
            case Fault.Throttled:
                return Answer(HttpStatusCode.TooManyRequests, "TooManyRequests");
            case Fault.Forbidden:
                return Answer(HttpStatusCode.Forbidden, "AuthorizationFailure");
            case Fault.Wrong:
                return Answer(HttpStatusCode.BadRequest, "InvalidInput");
        }

        return await base.SendAsync(request, cancellationToken);
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, string code) => new(status)
    {
        Content = new StringContent(
            "{\"odata.error\":{\"code\":\"" + code + "\",\"message\":{\"lang\":\"en-US\",\"value\":\"as the test asked\"}},\"error\":{\"code\":\"" + code + "\",\"message\":\"as the test asked\"}}", Encoding.UTF8, "application/json"),
    };
}
