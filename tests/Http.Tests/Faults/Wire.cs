using System.Text;

namespace Proofgate.Http.Tests.Faults;

/// <summary>Answers as bytes.</summary>
internal static class Wire
{
    internal static byte[] Of(int status, string body, string type = "application/json", params string[] headers) => Encoding.UTF8.GetBytes(
        $"HTTP/1.1 {status} Whatever\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n"
        + $"{string.Concat(headers.Select(static h => h + "\r\n"))}\r\n{body}");

    internal static byte[] Stream(string events) => Of(200, events, "text/event-stream");
}
