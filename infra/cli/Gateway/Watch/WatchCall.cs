using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Proofgate.Cli.Gateway.Chat;

namespace Proofgate.Cli.Gateway.Watch;

/// <summary>One call of <c>/manage/decisions</c>, read as it arrives. It ends with the event <c>end</c>, or with a step that says why not.</summary>
internal sealed class WatchCall(GatewayClient client, Credential credential, TimeProvider time)
{
    /// <summary>How long the gateway may say nothing at all: several of its heartbeats (10 s).</summary>
    internal static readonly TimeSpan Silence = TimeSpan.FromSeconds(40);

    /// <summary>Bytes of one connection; after it another is made.</summary>
    private const long MaxStreamBytes = 256 << 20;

    internal async IAsyncEnumerable<WatchStep> RunAsync(HttpRequestMessage request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var sent = request;
        using var silence = new CancellationTokenSource(Silence, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        await using var steps = ReadAsync(sent, silence, stop.Token).GetAsyncEnumerator(CancellationToken.None);
        while (true)
        {
            WatchStep step;
            try
            {
                if (!await steps.MoveNextAsync())
                {
                    break;
                }

                step = steps.Current;
            }
            catch (HttpRequestException failure)
            {
                step = new WatchStep.Lost(client.Unreachable(failure));
            }
            catch (IOException)
            {
                step = new WatchStep.Lost(CliError.Unreachable("connection_lost", "the connection to the gateway broke off."));
            }
            catch (JsonException)
            {
                step = new WatchStep.Refused(new CliError(
                    ExitCode.Failed, "answer_not_understood", "a part of the stream is not Proofgate's: check --gateway, or update proofgate."));
            }
            catch (OperationCanceledException) when (silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                step = new WatchStep.Lost(GatewayClient.TimedOut(Silence));
            }

            yield return step;
            if (step is WatchStep.Lost or WatchStep.Refused)
            {
                break;
            }
        }
    }

    private async IAsyncEnumerable<WatchStep> ReadAsync(
        HttpRequestMessage request, CancellationTokenSource silence, [EnumeratorCancellation] CancellationToken stop)
    {
        using var response = await client.SendAsync(request, stop);
        if (!response.IsSuccessStatusCode)
        {
            var error = await FailureReader.ReadAsync(response, credential, stop);
            yield return (int)response.StatusCode is 429 or >= 500 ? new WatchStep.Lost(error) : new WatchStep.Refused(error);
            yield break;
        }

        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            yield return new WatchStep.Refused(GatewayClient.NotUnderstood(response));
            yield break;
        }

        yield return new WatchStep.Connected();
        await using var body = new HeardStream(await response.Content.ReadAsStreamAsync(stop), MaxStreamBytes, () => silence.CancelAfter(Silence));
        var events = SseParser.Create(body, static (type, data) =>
            (JsonSerializer.Deserialize(data, CliJson.Default.WatchedEvent) ?? throw new JsonException()) with { Event = type });
        await foreach (var item in events.EnumerateAsync(stop))
        {
            yield return new WatchStep.Seen(item.Data);
            if (item.Data.Event == "end")
            {
                yield break;
            }
        }

        throw new IOException("The stream ended without its end.");
    }
}
