using System.Text;
using Proofgate.Http.Tests.Support;

namespace Proofgate.Http.Tests.Faults;

/// <summary>What a dialect says, for a provider and a client that know no more of it.</summary>
internal sealed record Speech(string Name, string Path, string Ask, string Plain, string Streamed, string Piece, string ErrorEvent, string ErrorBody, string[] Ends)
{
    internal static Speech[] All { get; } =
    [
        new(
            "chat", "/v1/chat/completions", """{"model":"assistant","messages":[{"role":"user","content":"MARK"}]STREAM}""", ScriptedUpstream.Plain, ScriptedUpstream.Streamed,
            """data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"TEXT"},"finish_reason":null}]}""" + "\n\n",
            """data: {"error":{"message":"it is broken","type":"server_error","code":"broken"}}""" + "\n\n",
            """{"error":{"message":"it is broken","type":"server_error","code":"broken"}}""", ["[DONE]", "\"finish_reason\":\"stop\""]),
        new(
            "responses", "/v1/responses", """{"model":"assistant","input":"MARK"STREAM}""", ScriptedUpstream.PlainResponse, ScriptedUpstream.StreamedResponse,
            "event: response.output_text.delta\ndata: "
            + """{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"TEXT","sequence_number":0}""" + "\n\n",
            "event: error\ndata: " + """{"type":"error","code":"broken","message":"it is broken","param":null,"sequence_number":0}""" + "\n\n",
            """{"error":{"message":"it is broken","type":"server_error","code":"broken"}}""", ["response.completed"]),
        new(
            "messages", "/v1/messages", """{"model":"claude","max_tokens":16,"messages":[{"role":"user","content":"MARK"}]STREAM}""", ScriptedUpstream.PlainMessage,
            ScriptedUpstream.StreamedMessage,
            "event: content_block_delta\ndata: " + """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"TEXT"}}""" + "\n\n",
            "event: error\ndata: " + """{"type":"error","error":{"type":"overloaded_error","message":"it is broken"}}""" + "\n\n",
            """{"type":"error","error":{"type":"api_error","message":"it is broken"}}""", ["message_stop", "\"stop_reason\":\"end_turn\""]),
    ];

    internal static Speech Of(string path) => path.Contains("chat", StringComparison.Ordinal) ? All[0] : path.Contains("responses", StringComparison.Ordinal) ? All[1] : All[2];

    internal string Request(UpstreamFault fault, string mark, bool streaming) =>
        Ask.Replace("MARK", $"fault:{fault}.{mark}.", StringComparison.Ordinal).Replace("STREAM", streaming ? ",\"stream\":true" : string.Empty, StringComparison.Ordinal);

    /// <summary>Where the first event ends.</summary>
    internal int FirstEvent => Streamed.IndexOf("\n\n", StringComparison.Ordinal) + 2;

    /// <summary>An answer of many events, or a long one.</summary>
    internal byte[] Long(bool streaming, int bytes)
    {
        var text = new string('w', 4000);
        return Encoding.UTF8.GetBytes(streaming
            ? Streamed[..FirstEvent] + string.Concat(Enumerable.Repeat(Piece.Replace("TEXT", text + " ", StringComparison.Ordinal), bytes / text.Length)) + Streamed[FirstEvent..]
            : Plain.Replace("Hello.", string.Concat(Enumerable.Repeat(text + " ", bytes / text.Length)), StringComparison.Ordinal));
    }
}
