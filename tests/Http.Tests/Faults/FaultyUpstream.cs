using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Proofgate.Http.Tests.Faults;

/// <summary>
/// A provider on a bare socket. It does what the prompt says, holds on to what it has begun until the gateway hangs up, counts its connections, and keeps each request as
/// it came over the wire.
/// </summary>
internal sealed class FaultyUpstream : IAsyncDisposable
{
    private const int TooMuch = 100 * 1024 * 1024;

    /// <summary>Of a long answer: more than sockets and buffers between provider and client hold.</summary>
    private const int Longer = 6 * 1024 * 1024;

    private static readonly byte[] Bomb = Compressed(new byte[TooMuch]);
    private static readonly ConcurrentDictionary<(string, bool), byte[]> LongAnswers = new();

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waited = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly ConcurrentDictionary<Task, bool> _served = new();
    private readonly Task _accepting;
    private int _open;

    internal FaultyUpstream()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    internal Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1");

    internal int Open => Volatile.Read(ref _open);

    /// <summary>Set by tests that answer by themselves: gets the request, gives the bytes of the answer; null: none.</summary>
    internal Func<WireRequest, byte[]?>? Answer { get; set; }

    /// <summary>Requests in the order in which they came, only where <see cref="Answer"/> is set.</summary>
    internal ConcurrentQueue<WireRequest> Seen { get; } = new();

    /// <summary>Waits until the request with a mark in its prompt has come.</summary>
    internal async Task AskedAsync(string mark)
    {
        try
        {
            await _waited.GetOrAdd(mark, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
        finally
        {
            _waited.TryRemove(mark, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_served.Keys);
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_ended.Token);
                Interlocked.Increment(ref _open);
                var serving = ServeAsync(socket);
                _served.TryAdd(serving, true);
                _ = serving.ContinueWith(s => _served.TryRemove(s, out var _), TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The test has ended: the listener may be stopped between two connections.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        try
        {
            var stream = new NetworkStream(socket);
            while (await WireRequest.ReadAsync(stream, _ended.Token) is { } request)
            {
                if (Answer is { } answer)
                {
                    Seen.Enqueue(request);
                    if (answer(request) is not { } bytes)
                    {
                        socket.LingerState = new LingerOption(true, 0);
                        return;
                    }

                    await stream.WriteAsync(bytes, _ended.Token);
                    return;
                }

                await MisbehaveAsync(socket, stream, request);
                return;
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The gateway has hung up.
        }
        finally
        {
            socket.Dispose();
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task MisbehaveAsync(Socket socket, NetworkStream stream, WireRequest request)
    {
        var at = request.Body.IndexOf("fault:", StringComparison.Ordinal) + "fault:".Length;
        var fault = Enum.Parse<UpstreamFault>(request.Body[at..request.Body.IndexOf('.', at)]);
        if (request.Body[at..].Split('.') is [_, var mark, ..] && _waited.TryGetValue(mark, out var waiting))
        {
            waiting.TrySetResult();
        }

        var streaming = request.Body.Contains("\"stream\":true", StringComparison.Ordinal);
        var speech = Speech.Of(request.Path);
        var whole = streaming ? speech.Streamed : speech.Plain;
        var type = streaming ? "text/event-stream" : "application/json";
        switch (fault)
        {
            case UpstreamFault.Refuses:
                socket.LingerState = new LingerOption(true, 0);
                break;
            case UpstreamFault.SpeaksNoHttp:
                await SendAsync("\u0001\u0002 this is not HTTP\r\n\r\n");
                break;
            case UpstreamFault.StallsBeforeHeaders:
                await HoldAsync();
                break;
            case UpstreamFault.StallsAfterHeaders:
                await SendAsync(Head(type));
                await HoldAsync();
                break;
            case UpstreamFault.StallsMidway:
                await SendAsync(Head(type) + Half());
                await HoldAsync();
                break;
            case UpstreamFault.DiesMidway:
                await SendAsync(Head(type) + Half() + (streaming ? "data: {\"id\":" : string.Empty));
                socket.LingerState = new LingerOption(true, 0);
                break;
            case UpstreamFault.EndsEarly:
                await SendAsync(Head(type) + Half());
                break;
            case UpstreamFault.SendsGarbage:
                await SendAsync(Head(type) + (streaming ? "data: <<garbage>>\n\n" : "<<garbage>>"));
                break;
            case UpstreamFault.SendsTooMuch:
                await SendAsync(Head(type) + (streaming ? Half() + "data: \"" : "\""));
                var piece = new byte[64 * 1024];
                piece.AsSpan().Fill((byte)'x');
                for (var sent = 0; sent < TooMuch; sent += piece.Length)
                {
                    await stream.WriteAsync(piece, _ended.Token);
                }

                break;
            case UpstreamFault.Compresses:
                await SendAsync(Head(type, "gzip"));
                await stream.WriteAsync(Compressed(Encoding.UTF8.GetBytes(whole)), _ended.Token);
                break;
            case UpstreamFault.CompressesBadly:
                await SendAsync(Head(type, "gzip") + whole);
                break;
            case UpstreamFault.Bomb:
                await SendAsync(Head(type, "gzip"));
                await stream.WriteAsync(Bomb, _ended.Token);
                break;
            case UpstreamFault.ErrorAsSuccess:
                await SendAsync(Head(type) + (streaming ? speech.ErrorEvent : speech.ErrorBody));
                break;
            case UpstreamFault.LongAnswer:
                await SendAsync(Head(type));
                await stream.WriteAsync(LongAnswers.GetOrAdd((speech.Name, streaming), static k => Speech.All.Single(s => s.Name == k.Item1).Long(k.Item2, Longer)), _ended.Token);
                break;
            default:
                await SendAsync(Head(type) + whole);
                break;
        }

        string Half() => streaming ? whole[..speech.FirstEvent] : whole[..(whole.Length / 2)];

        Task SendAsync(string text) => stream.WriteAsync(Encoding.UTF8.GetBytes(text), _ended.Token).AsTask();

        // Nothing more is said until the gateway ends it.
        async Task HoldAsync()
        {
            while (await stream.ReadAsync(new byte[64], _ended.Token) > 0)
            {
            }
        }
    }

    /// <summary>Without a length: the end of the connection is the end of the answer.</summary>
    private static string Head(string type, string? encoding = null) =>
        $"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nConnection: close\r\n{(encoding is null ? string.Empty : $"Content-Encoding: {encoding}\r\n")}\r\n";

    private static byte[] Compressed(byte[] bytes)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return output.ToArray();
    }
}
