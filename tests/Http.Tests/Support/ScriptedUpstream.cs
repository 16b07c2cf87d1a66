using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Proofgate.Enforcement;
using Proofgate.Inference;
using Proofgate.Inference.Dialects.Anthropic;
using Proofgate.Inference.Dialects.Embeddings;
using Proofgate.Inference.Dialects.Responses;

namespace Proofgate.Http.Tests.Support;

/// <summary>A provider that answers as it is told and counts how often it was asked.</summary>
internal sealed class ScriptedUpstream : IUpstream
{
    internal const string Plain =
        """{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello."},"finish_reason":"stop"}]}""";

    internal const string Streamed =
        "data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello.\"},\"finish_reason\":null}]}\n\n"
        + "data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    internal const string PlainMessage =
        """{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Hello."}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":2}}""";

    internal const string StreamedMessage =
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[],\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}\n\n"
        + "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
        + "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello.\"}}\n\n"
        + "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
        + "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":2}}\n\n"
        + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

    internal const string PlainEmbedding =
        """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.25,-0.5]}],"model":"m","usage":{"prompt_tokens":2,"total_tokens":2}}""";

    internal const string PlainResponse =
        """{"id":"resp_1","object":"response","status":"completed","model":"m","output":[{"id":"msg_1","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hello.","annotations":[]}]}],"usage":{"input_tokens":3,"output_tokens":2,"total_tokens":5}}""";

    internal const string StreamedResponse =
        "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"delta\":\"Hello.\",\"sequence_number\":0}\n\n"
        + "event: response.completed\ndata: {\"type\":\"response.completed\",\"sequence_number\":1,\"response\":" + PlainResponse + "}\n\n";

    private int _asked;

    internal int Asked => Volatile.Read(ref _asked);

    /// <summary>What the last call was decided on.</summary>
    internal AdmittedCall<InferenceCall>? Last { get; private set; }

    internal Func<AdmittedCall<InferenceCall>, CancellationToken, Task<UpstreamAnswer>>? Answer { get; set; }

    public Task<UpstreamAnswer> SendAsync(AdmittedCall<InferenceCall> call, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        Last = call;
        var (plain, streamed) = AnswersTo(call.Call.Speech);
        return Answer?.Invoke(call, cancellationToken) ?? Task.FromResult(Of(200, call.Call.Stream ? streamed : plain, call.Call.Stream ? "text/event-stream" : "application/json"));
    }

    internal static (string Plain, string Streamed) AnswersTo(IDialect dialect) => dialect switch
    {
        AnthropicMessages => (PlainMessage, StreamedMessage),
        AnthropicTokenCount => ("""{"input_tokens":3}""", string.Empty),
        OpenAiResponses => (PlainResponse, StreamedResponse),
        OpenAiEmbeddings => (PlainEmbedding, string.Empty),
        _ => (Plain, Streamed),
    };

    internal static UpstreamAnswer Of(int status, string body, string mediaType = "application/json", TimeSpan? retryAfter = null, bool byteByByte = false)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(bytes) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        response.Headers.RetryAfter = retryAfter is { } wait ? new RetryConditionHeaderValue(wait) : null;
        return new UpstreamAnswer(response, byteByByte ? new ByteByByte(bytes) : new MemoryStream(bytes));
    }
}
