using System.Collections.Concurrent;
using Proofgate.Audit.Promises;

namespace Proofgate.EndToEnd;

/// <summary>Clients that call as fast as they are answered, and keep what each answer promised.</summary>
internal sealed class Lanes
{
    private readonly ConcurrentDictionary<string, AuditPromise> _acknowledged = new(StringComparer.Ordinal);
    private int _failed;

    /// <summary>By audit id: answers of status 200 that arrived whole.</summary>
    internal IReadOnlyDictionary<string, AuditPromise> Acknowledged => _acknowledged;

    /// <summary>Calls that ended otherwise.</summary>
    internal int Failed => _failed;

    /// <summary>Calls until so many more were answered, then goes on calling until <paramref name="stop"/>.</summary>
    internal Task RunAsync(Gateway gateway, int lanes, int answers, TaskCompletionSource reached, CancellationToken stop)
    {
        var (key, turn) = (gateway.SampleKey, 0);
        return RunAsync(() => Http.Chat(gateway, Http.Ask("x", stream: Interlocked.Increment(ref turn) % 4 == 3), key), lanes, answers, reached, stop);
    }

    /// <summary>Calls until so many more were answered, then goes on calling until <paramref name="stop"/>.</summary>
    internal async Task RunAsync(Func<HttpRequestMessage> call, int lanes, int answers, TaskCompletionSource reached, CancellationToken stop)
    {
        var until = _acknowledged.Count + answers;
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    try
                    {
                        using var answer = await Http.Client.SendAsync(call(), stop);
                        await answer.Content.ReadAsByteArrayAsync(stop);
                        if ((int)answer.StatusCode == 200 && AuditPromise.TryParse(answer.Headers.GetValues(AuditPromise.Header).Single(), out var promise)
                            && promise.Id.ToString() == answer.Headers.GetValues("Proofgate-Audit-Id").Single())
                        {
                            Assert.True(_acknowledged.TryAdd(promise.Id.ToString(), promise));
                        }
                        else
                        {
                            Interlocked.Increment(ref _failed);
                        }
                    }
                    catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
                    {
                        Interlocked.Increment(ref _failed);
                    }

                    if (_acknowledged.Count >= until)
                    {
                        reached.TrySetResult();
                    }
                }
            },
            CancellationToken.None)));
    }
}
