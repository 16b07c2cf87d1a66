using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Proofgate.Enforcement;
using Proofgate.Outbound;
using Proofgate.Policy;

namespace Proofgate.Inference.Recognisers;

/// <summary>
/// A server that speaks the API of Presidio's analyzer: <c>POST /analyze</c> with <c>text</c>, <c>language</c>, <c>entities</c> and <c>score_threshold</c>. What it answers is
/// believed only as far as it can be true: an offset outside the text, or anything that is not its protocol, makes the whole answer none.
/// </summary>
internal sealed class PresidioRecogniser : IRecogniser, IDisposable
{
    private readonly RecogniserOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    public PresidioRecogniser(
        OutboundGuard guard, IOptions<OutboundOptions> outbound, IOptions<RecogniserOptions> options, TimeProvider time, ILogger<PresidioRecogniser> log)
    {
        (_options, _time) = (options.Value, time);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = outbound.Value.ConnectTimeout,
            ConnectCallback = guard.ConnectAsync,
            MaxConnectionsPerServer = outbound.Value.MaxConnections,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 64,
        });
        if (_options.Fail == RecogniserFailure.Open)
        {
            log.RecogniserFailsOpen();
        }
    }

    public RecogniserPlan? PlanOf(PolicyBundle bundle) => bundle.FindPart<RecogniserCatalog>()?.Recogniser is not { } entry ? null : new RecogniserPlan
    {
        Name = entry.Name,
        Entity = entry.Entity,
        Kinds = [.. entry.Entities.Values.Distinct()],
        Prompts = entry.Prompts,
        Answers = entry.Answers,
        FailsOpen = _options.Fail == RecogniserFailure.Open,
    };

    public async ValueTask<IReadOnlyList<(Kind Kind, string Value)>> FindAsync(
        AdmittedCall<RecognitionCall> call, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var entry = call.Call.Bundle.Part<RecogniserCatalog>().Recogniser!;
        var found = new HashSet<(Kind Kind, string Value)>();
        foreach (var joined in JoinedTexts.Of(texts, _options.MaxRequestLength))
        {
            foreach (var (start, end, kind) in await AskAsync(entry, Redactor.Blank(call.Redaction, joined.Text), cancellationToken))
            {
                found.UnionWith(joined.ValuesIn(start, end).Select(v => (kind, v)));
            }
        }

        return found.Count <= NamedValues.MaxCount && found.All(static f => f.Value.Length <= NamedValues.MaxLength)
            ? [.. found]
            : throw new RecogniserUnavailableException("It found more, or longer, values than can be kept out of a text.");
    }

    public void Dispose() => _http.Dispose();

    private async Task<List<(int Start, int End, Kind Kind)>> AskAsync(RecogniserEntry entry, string text, CancellationToken cancellationToken)
    {
        if (_options.Address is not { } address)
        {
            throw new RecogniserUnavailableException($"{RecogniserOptions.Section}:{nameof(RecogniserOptions.Endpoint)} is not set.");
        }

        using var soon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = _time.CreateTimer(static c => ((CancellationTokenSource)c!).Cancel(), soon, _options.Timeout, Timeout.InfiniteTimeSpan);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "analyze")) { Content = Body(entry, text) };
            using var response = await _http.SendAsync(request, soon.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new RecogniserUnavailableException($"It answered with status {(int)response.StatusCode}.");
            }

            return Read(await ReadBodyAsync(response, soon.Token), entry, new CodePoints(text));
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RecogniserUnavailableException($"It did not answer within {_options.Timeout.TotalSeconds:0.###} s.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new RecogniserUnavailableException("It could not be reached, or broke off.", e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new RecogniserUnavailableException("What it answered is not its protocol.", e);
        }
    }

    private static ReadOnlyMemoryContent Body(RecogniserEntry entry, string text)
    {
        var body = new ArrayBufferWriter<byte>(text.Length + 256);
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteString("text"u8, text);
            writer.WriteString("language"u8, entry.Language);
            writer.WriteStartArray("entities"u8);
            foreach (var entity in entry.Entities.Keys)
            {
                writer.WriteStringValue(entity);
            }

            writer.WriteEndArray();
            writer.WriteNumber("score_threshold"u8, entry.Threshold);
            writer.WriteEndObject();
        }

        var content = new ReadOnlyMemoryContent(body.WrittenMemory);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var body = new ArrayBufferWriter<byte>(4096);
        int read;
        while ((read = await stream.ReadAsync(body.GetMemory(4096), cancellationToken)) > 0)
        {
            body.Advance(read);
            if (body.WrittenCount > _options.MaxAnswerBytes)
            {
                throw new RecogniserUnavailableException($"Its answer is larger than {_options.MaxAnswerBytes} bytes.");
            }
        }

        return body.WrittenMemory;
    }

    private static List<(int Start, int End, Kind Kind)> Read(ReadOnlyMemory<byte> body, RecogniserEntry entry, CodePoints points)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 16 });
        var found = new List<(int, int, Kind)>();
        foreach (var item in document.RootElement.EnumerateArray())
        {
            var (start, end) = (item.GetProperty("start"u8).GetInt32(), item.GetProperty("end"u8).GetInt32());
            if (start < 0 || start >= end || end > points.Count)
            {
                throw new FormatException("An offset outside the text.");
            }

            if (entry.Entities.TryGetValue(item.GetProperty("entity_type"u8).GetString()!, out var kind) && item.GetProperty("score"u8).GetDouble() >= entry.Threshold)
            {
                found.Add((points.IndexOf(start), points.IndexOf(end), kind));
            }
        }

        return found;
    }
}
