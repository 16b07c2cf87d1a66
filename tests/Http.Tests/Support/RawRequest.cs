using System.Net.Sockets;
using System.Text;

namespace Proofgate.Http.Tests.Support;

/// <summary>What no client would send.</summary>
internal static class RawRequest
{
    /// <param name="address">Where to.</param>
    /// <param name="line">The request line.</param>
    /// <param name="headers">More headers, each with its line end. Host and Connection are added, and Content-Length where none of these say how long the body is.</param>
    /// <param name="body">Latin-1, as it stands.</param>
    /// <returns>Everything that came back until the connection was closed.</returns>
    internal static async Task<string> SendAsync(Uri address, string line, string headers, string body)
    {
        var framed = headers.Contains("Transfer-Encoding", StringComparison.Ordinal) ? headers : $"{headers}Content-Length: {body.Length}\r\n";
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(
            $"{line}\r\nHost: gateway\r\nContent-Type: application/json\r\nConnection: close\r\n{framed}\r\n{body}"));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(patience.Token);
    }
}
