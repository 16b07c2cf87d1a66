using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Proofgate.Cli.Gateway.Wire;

namespace Proofgate.Cli.Gateway.Chat;

/// <summary>One call of <c>/v1/chat/completions</c>, read as it arrives.</summary>
internal sealed class ChatCall(GatewayClient client, Credential credential, TimeProvider time)
{
    /// <summary>How long the gateway may say nothing at all, not even a heartbeat: longer than it lets a model be silent (120 s).</summary>
    internal static readonly TimeSpan Silence = TimeSpan.FromSeconds(150);

    private const long MaxStreamBytes = 64 << 20;

    internal async IAsyncEnumerable<ChatEvent> RunAsync(
        HttpRequestMessage request, bool stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var sent = request;
        using var silence = new CancellationTokenSource(Silence, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        var started = false;
        string? auditId = null;
        await using var events = ReadAsync(sent, stream, silence, stop.Token).GetAsyncEnumerator(CancellationToken.None);
        while (true)
        {
            ChatEvent next;
            try
            {
                if (!await events.MoveNextAsync())
                {
                    break;
                }

                next = events.Current;
            }
            catch (HttpRequestException failure) when (!started)
            {
                next = new ChatEvent.Failed(client.Unreachable(failure));
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException)
            {
                next = new ChatEvent.Failed(Incomplete(auditId));
            }
            catch (JsonException)
            {
                next = new ChatEvent.Failed(Garbled(auditId));
            }
            catch (OperationCanceledException) when (silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                next = new ChatEvent.Failed(GatewayClient.TimedOut(Silence) with { AuditId = auditId });
            }

            if (next is ChatEvent.Started { AuditId: var id })
            {
                (started, auditId) = (true, id);
            }

            yield return next;
            if (next is ChatEvent.Completed or ChatEvent.Failed)
            {
                break;
            }
        }
    }

    private async IAsyncEnumerable<ChatEvent> ReadAsync(
        HttpRequestMessage request, bool stream, CancellationTokenSource silence, [EnumeratorCancellation] CancellationToken stop)
    {
        using var response = await client.SendAsync(request, stop);
        if (!response.IsSuccessStatusCode)
        {
            yield return new ChatEvent.Failed(await FailureReader.ReadAsync(response, credential, stop));
            yield break;
        }

        var auditId = FailureReader.AuditIdOf(response);
        if (response.Content.Headers.ContentType?.MediaType != (stream ? "text/event-stream" : "application/json"))
        {
            yield return new ChatEvent.Failed(GatewayClient.NotUnderstood(response));
            yield break;
        }

        yield return new ChatEvent.Started(auditId, FailureReader.Header(response, "Proofgate-Label"));
        var chunks = stream ? ChunksAsync(response, silence, stop) : WholeAsync(response, stop);
        await foreach (var chunk in chunks)
        {
            if (chunk is null)
            {
                yield return new ChatEvent.Completed();
                yield break;
            }

            foreach (var happened in Events(chunk, auditId))
            {
                yield return happened;
            }
        }

        yield return new ChatEvent.Failed(Incomplete(auditId));
    }

    /// <summary>The chunks of a stream, then null if it came to its proper end.</summary>
    private static async IAsyncEnumerable<ChatChunk?> ChunksAsync(
        HttpResponseMessage response, CancellationTokenSource silence, [EnumeratorCancellation] CancellationToken stop)
    {
        await using var body = new HeardStream(await response.Content.ReadAsStreamAsync(stop), MaxStreamBytes, () => silence.CancelAfter(Silence));
        await foreach (var item in SseParser.Create(body, static (_, data) => Parse(data)).EnumerateAsync(stop))
        {
            yield return item.Data;
            if (item.Data is null)
            {
                yield break;
            }
        }
    }

    private static async IAsyncEnumerable<ChatChunk?> WholeAsync(HttpResponseMessage response, [EnumeratorCancellation] CancellationToken stop)
    {
        await response.Content.LoadIntoBufferAsync(GatewayClient.MaxAnswerBytes, stop);
        yield return Parse(await response.Content.ReadAsByteArrayAsync(stop)) ?? throw new JsonException();
        yield return null;
    }

    private static ChatChunk? Parse(ReadOnlySpan<byte> data) =>
        data.SequenceEqual("[DONE]"u8) ? null : JsonSerializer.Deserialize(data, CliJson.Default.ChatChunk) ?? throw new JsonException();

    private IEnumerable<ChatEvent> Events(ChatChunk chunk, string? auditId)
    {
        if (chunk.Error is { } error)
        {
            yield return new ChatEvent.Failed(FailureReader.InBand(error, auditId, credential));
            yield break;
        }

        if (chunk.Choices is [var choice, ..])
        {
            if ((choice.Delta ?? choice.Message)?.Content is { Length: > 0 } piece)
            {
                yield return new ChatEvent.Text(piece);
            }

            if (choice.FinishReason is { } reason)
            {
                yield return new ChatEvent.Finished(reason);
            }
        }

        if (chunk.Usage is { } usage)
        {
            yield return new ChatEvent.Counted(usage);
        }
    }

    private static CliError Incomplete(string? auditId) =>
        new(ExitCode.Failed, "answer_incomplete", "the connection ended before the answer did: what was printed is not all of it, ask again.")
        {
            AuditId = auditId,
        };

    private static CliError Garbled(string? auditId) =>
        new(ExitCode.Failed, "answer_not_understood", "a part of the answer is not a chat completion: check --gateway, or update proofgate.")
        {
            AuditId = auditId,
        };
}
