using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Proofgate.Http.Tests.Faults;

/// <summary>A client on a bare socket, so that it can leave, or stop reading, at any byte.</summary>
internal static class FaultClient
{
    /// <summary>How long a client that takes nothing holds on: longer than the gateway needs to fill every buffer.</summary>
    private static readonly TimeSpan Holds = TimeSpan.FromMilliseconds(400);

    /// <returns>Status and body as far as they were read; status 0 where the client left before there was one.</returns>
    internal static async Task<(int Status, string Body)> AskAsync(
        Uri gateway, FaultCell cell, string key, string trace, string mark, Func<Task> asked)
    {
        var conduct = cell.Conduct;
        // Listened for before it can happen.
        var arrival = conduct is ClientConduct.LeavesBeforeHeaders or ClientConduct.StopsReading ? asked() : Task.CompletedTask;
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (conduct is ClientConduct.StopsReading or ClientConduct.ReadsSlowly)
        {
            socket.ReceiveBufferSize = 16 * 1024;
        }

        await socket.ConnectAsync(IPAddress.Loopback, gateway.Port);
        var body = cell.Speech.Request(cell.Fault, mark, cell.Streaming);
        var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(
            $"POST {cell.Speech.Path} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
            + $"traceparent: 00-{trace}-00f067aa0ba902b7-01\r\nConnection: close\r\nContent-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n{body}"));
        switch (conduct)
        {
            case ClientConduct.LeavesBeforeHeaders:
                await arrival;
                return Leave(socket);
            case ClientConduct.LeavesAfterHeaders:
                await ReadAsync(stream, static t => t.Contains("\r\n\r\n", StringComparison.Ordinal));
                return Leave(socket);
            case ClientConduct.LeavesMidway:
                await ReadAsync(stream, static t => t.Contains("data: ", StringComparison.Ordinal));
                return Leave(socket);
            case ClientConduct.StopsReading:
                await arrival;
                // Whether the gateway is blocked cannot be seen from here; it has had time to be.
                await Task.Delay(Holds);
                return Leave(socket);
            case ClientConduct.ReadsSlowly:
                return Parse(await ReadAsync(stream, static _ => false, pauses: 20));
            default:
                return Parse(await ReadAsync(stream, static _ => false));
        }
    }

    private static (int, string) Leave(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        return (0, string.Empty);
    }

    private static async Task<string> ReadAsync(NetworkStream stream, Func<string, bool> enough, int pauses = 0)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var buffer = new byte[64 * 1024];
        var text = new StringBuilder();
        while (text.Length > 100_000 || !enough(text.ToString()))
        {
            int read;
            try
            {
                read = await stream.ReadAsync(buffer, patience.Token);
            }
            catch (IOException)
            {
                // Cut: what came before stands.
                break;
            }

            if (read == 0)
            {
                break;
            }

            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
            if (pauses-- > 0)
            {
                // A slow reader is slow.
                await Task.Delay(10, patience.Token);
            }
        }

        return text.ToString();
    }

    private static (int, string) Parse(string text)
    {
        var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return head < 0 ? (0, string.Empty) : (int.Parse(text.AsSpan(9, 3), CultureInfo.InvariantCulture), text[(head + 4)..]);
    }
}
