using System.Text.Json;

namespace Proofgate.Cli.Doctor;

/// <summary>One GET of a JSON document, bounded in time and size.</summary>
internal static class Probe
{
    private const int MaxBytes = 1 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>What came back. <paramref name="Problem"/> is set where nothing did; <paramref name="Json"/> where it was JSON.</summary>
    internal sealed record Answer(int Status, DateTimeOffset? Date, JsonElement? Json, string? Problem);

    internal static async Task<Answer> GetAsync(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send, string address, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Patience);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var response = await send(request, stop.Token);
            await response.Content.LoadIntoBufferAsync(MaxBytes, stop.Token);
            return new Answer((int)response.StatusCode, response.Headers.Date, await JsonAsync(response, stop.Token), null);
        }
        catch (HttpRequestException e)
        {
            return new Answer(0, null, null, e.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => "its name is not known here",
                HttpRequestError.SecureConnectionError => "its certificate is not trusted",
                HttpRequestError.ConnectionError => "nothing listens there",
                _ => "the connection broke, or the answer is too large",
            });
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Answer(0, null, null, $"no answer within {Patience.TotalSeconds:0} s");
        }
    }

    internal static string? Text(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } document && document.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static async Task<JsonElement?> JsonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
