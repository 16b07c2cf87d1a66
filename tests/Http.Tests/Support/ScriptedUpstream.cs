using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Proofgate.Enforcement;
using Proofgate.Inference;

namespace Proofgate.Http.Tests.Support;

/// <summary>A provider that answers as it is told and counts how often it was asked.</summary>
internal sealed class ScriptedUpstream : IUpstream
{
    internal const string Plain =
        """{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello."},"finish_reason":"stop"}]}""";

    internal const string Streamed =
        "data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello.\"},\"finish_reason\":null}]}\n\n"
        + "data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    private int _asked;

    internal int Asked => Volatile.Read(ref _asked);

    /// <summary>What the last call was decided on.</summary>
    internal AdmittedCall<InferenceCall>? Last { get; private set; }

    internal Func<AdmittedCall<InferenceCall>, CancellationToken, Task<UpstreamAnswer>>? Answer { get; set; }

    public Task<UpstreamAnswer> SendAsync(AdmittedCall<InferenceCall> call, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        Last = call;
        return Answer?.Invoke(call, cancellationToken) ?? Task.FromResult(Of(200, call.Call.Stream ? Streamed : Plain, call.Call.Stream ? "text/event-stream" : "application/json"));
    }

    internal static UpstreamAnswer Of(int status, string body, string mediaType = "application/json", TimeSpan? retryAfter = null)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(bytes) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        response.Headers.RetryAfter = retryAfter is { } wait ? new RetryConditionHeaderValue(wait) : null;
        return new UpstreamAnswer(response, new MemoryStream(bytes));
    }
}
