using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Proofgate.Http.Tests.Bodies;

/// <summary>A body's limits: kind, size, time, and memory of all together.</summary>
public sealed class BodyReaderTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(100, 100, true)]
    [InlineData(101, 100, false)]
    [InlineData(0, 100, true)]
    [InlineData(16384, 16384, true)]
    [InlineData(16385, 16384, false)]
    [InlineData(70_000, 70_000, true)]
    [InlineData(70_001, 70_000, false)]
    public async Task Body_IsRead_UpToItsLimit(int sent, int limit, bool taken)
    {
        foreach (var announced in new long?[] { sent, null })
        {
            var reader = Reader();
            var content = Enumerable.Range(0, sent).Select(static i => (byte)i).ToArray();
            var (body, fault) = await reader.ReadAsync(Request(new MemoryStream(content), announced), "k", limit, CancellationToken.None);
            Assert.Equal(taken, body is not null);
            Assert.Equal(taken ? null : "request_too_large", fault?.Code);
            if (body is not null)
            {
                Assert.Equal(content, body.Memory.ToArray());
                Assert.True(reader.Open.Bytes >= sent);
                body.Dispose();
                body.Dispose();
            }

            Assert.Equal(0, reader.Open.Bytes);
        }
    }

    [Fact]
    public async Task ContentLength_IsNotBelieved()
    {
        var reader = Reader();
        var (_, tooLong) = await reader.ReadAsync(Request(new MemoryStream(new byte[200]), 10), "k", 100, CancellationToken.None);
        Assert.Equal(413, tooLong!.Status);

        var (shorter, fault) = await reader.ReadAsync(Request(new MemoryStream(new byte[5]), 90), "k", 100, CancellationToken.None);
        Assert.Null(fault);
        Assert.Equal(5, shorter!.Length);
        shorter.Dispose();
    }

    [Fact]
    public async Task AnnouncedSize_TakesNoMemoryBeforeItArrives()
    {
        var reader = Reader();
        using var leaving = new CancellationTokenSource();
        var reading = reader.ReadAsync(Request(new HangingStream([1, 2, 3]), 20 * 1024 * 1024), "k", null, leaving.Token);
        Assert.InRange(reader.Open.Bytes, 1, 64 * 1024);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.Equal(0, reader.Open.Bytes);
    }

    [Fact]
    public async Task SlowBody_Is408_AndItsMemoryIsFree()
    {
        var reader = Reader();
        var reading = reader.ReadAsync(Request(new HangingStream([1]), null), "k", null, CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(119));
        Assert.False(reading.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((408, "body_timeout"), Of((await reading).Fault));
        Assert.Equal(0, reader.Open.Bytes);
    }

    [Fact]
    public async Task OpenBodies_AreLimited_ForEachKeyAndInAll()
    {
        var reader = Reader(new BodyOptions { MaxBytes = 64 * 1024, MaxOpenBytesPerKey = 64 * 1024, MaxOpenBytes = 96 * 1024 });
        var open = new List<IDisposable>();
        for (var i = 0; i < 4; i++)
        {
            open.Add((await SmallAsync("one")).Body!);
        }

        Assert.Equal((429, "too_many_open_bytes"), Of((await SmallAsync("one")).Fault));
        open.Add((await SmallAsync("two")).Body!);
        open.Add((await SmallAsync("two")).Body!);
        Assert.Equal((503, "overloaded"), Of((await SmallAsync("three")).Fault));
        open[0].Dispose();
        open.Add((await SmallAsync("three")).Body!);
        open.ForEach(static b => b.Dispose());
        Assert.Equal(0, reader.Open.Bytes);

        async Task<(IDisposable? Body, Http.Bodies.BodyFault? Fault)> SmallAsync(string key) =>
            await reader.ReadAsync(Request(new MemoryStream(new byte[10]), 10), key, null, CancellationToken.None);
    }

    [Theory]
    [InlineData("application/json", null, true)]
    [InlineData("APPLICATION/JSON; charset=UTF-8", null, true)]
    [InlineData("application/json; charset=\"utf-8\"", null, true)]
    [InlineData("application/problem+json", null, true)]
    [InlineData("application/json", "identity", true)]
    [InlineData(null, null, false)]
    [InlineData("", null, false)]
    [InlineData("text/plain", null, false)]
    [InlineData("text/json", null, false)]
    [InlineData("application/x-www-form-urlencoded", null, false)]
    [InlineData("application/json; charset=utf-16", null, false)]
    [InlineData("application/json; charset=utf-7", null, false)]
    [InlineData("application/json, text/plain", null, false)]
    [InlineData("application/json", "gzip", false)]
    [InlineData("application/json", "br", false)]
    [InlineData("application/json", "identity, gzip", false)]
    public async Task OnlyPlainJsonInUtf8_IsRead(string? type, string? encoding, bool taken)
    {
        var request = Request(new MemoryStream(Encoding.UTF8.GetBytes("{}")), 2);
        request.ContentType = type;
        if (encoding is not null)
        {
            request.Headers.ContentEncoding = encoding;
        }

        var (body, fault) = await Reader().ReadAsync(request, "k", null, CancellationToken.None);
        Assert.Equal(taken ? null : 415, fault?.Status);
        body?.Dispose();
    }

    [Fact]
    public async Task TwoContentEncodings_AreRefused()
    {
        var request = Request(new MemoryStream([1]), 1);
        request.Headers.ContentEncoding = new(["identity", "gzip"]);
        Assert.Equal(415, (await Reader().ReadAsync(request, "k", null, CancellationToken.None)).Fault!.Status);
    }

    [Theory]
    [InlineData(nameof(BodyOptions.MaxBytes), "MaxBytes")]
    [InlineData(nameof(BodyOptions.MaxOpenBytes), "MaxOpenBytes")]
    [InlineData(nameof(BodyOptions.MaxOpenBytesPerKey), "MaxOpenBytesPerKey")]
    [InlineData(nameof(BodyOptions.ReadTimeout), "ReadTimeout")]
    public void WrongSetting_IsNamed(string property, string named)
    {
        var options = new BodyOptions();
        typeof(BodyOptions).GetProperty(property)!.SetValue(options, property switch
        {
            nameof(BodyOptions.MaxBytes) => 1,
            nameof(BodyOptions.ReadTimeout) => TimeSpan.Zero,
            _ => (object)1L,
        });
        Assert.Contains(options.Problems(), p => p.StartsWith($"Proofgate:Body:{named} ", StringComparison.Ordinal));
        Assert.Empty(new BodyOptions().Problems());
    }

    private BodyReader Reader(BodyOptions? options = null) => new(Options.Create(options ?? new BodyOptions()), _time);

    private static (int, string)? Of(Http.Bodies.BodyFault? fault) => fault is null ? null : (fault.Status, fault.Code);

    private static HttpRequest Request(Stream body, long? length)
    {
        var request = new DefaultHttpContext().Request;
        request.ContentType = "application/json";
        request.ContentLength = length;
        request.Body = body;
        return request;
    }

    /// <summary>Gives what it has and then nothing for ever.</summary>
    private sealed class HangingStream(byte[] first) : MemoryStream(first)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (await base.ReadAsync(buffer, cancellationToken) is var read and > 0)
            {
                return read;
            }

            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
