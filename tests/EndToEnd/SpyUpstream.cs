using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Proofgate.Support;

namespace Proofgate.EndToEnd;

/// <summary>An OpenAI-compatible upstream in another process (tests/peers/spy-upstream.mjs): it answers by a script and remembers what it saw.</summary>
public sealed class SpyUpstream : IAsyncDisposable
{
    private readonly ManagedProcess _process;
    private readonly HttpClient _http;

    private SpyUpstream(ManagedProcess process, Uri address)
    {
        (_process, Address) = (process, address);
        _http = new HttpClient { BaseAddress = address };
    }

    public Uri Address { get; }

    public static async Task<SpyUpstream> StartAsync()
    {
        var process = await Peers.StartAsync("spy-upstream.mjs");
        var line = await process.WaitForLineAsync("listening ");
        return new SpyUpstream(process, new Uri($"http://127.0.0.1:{line["listening ".Length..]}/"));
    }

    /// <summary>Forgets earlier requests and answers by these steps from now on.</summary>
    public async Task ScriptAsync(params JsonObject[] steps) => await PutAsync("/spy/script", new JsonArray([.. steps]));

    public async Task HeadAsync(int status, string contentType, params (string Name, string Value)[] headers)
    {
        var all = new JsonObject { ["content-type"] = contentType };
        foreach (var (name, value) in headers)
        {
            all[name] = value;
        }

        await PutAsync("/spy/head", new JsonObject { ["status"] = status, ["headers"] = all });
    }

    public async Task ReleaseAsync(string hold)
    {
        using var response = await _http.PostAsync("/spy/release", JsonContent.Create(new JsonObject { ["hold"] = hold }));
        response.EnsureSuccessStatusCode();
    }

    public async Task<IReadOnlyList<SpyRequest>> RequestsAsync()
    {
        var list = await _http.GetFromJsonAsync<JsonElement>("/spy/requests");
        return [.. list.EnumerateArray().Select(SpyRequest.Read)];
    }

    /// <summary>Waits until a condition on what was seen holds.</summary>
    public async Task<SpyRequest> WaitForAsync(Func<SpyRequest, bool> condition, TimeSpan patience)
    {
        using var late = new CancellationTokenSource(patience);
        while (true)
        {
            if ((await RequestsAsync()).FirstOrDefault(condition) is { } found)
            {
                return found;
            }

            // Polls another process: there is nothing to await.
            await Task.Delay(20, late.Token);
        }
    }

    public static JsonObject Send(string text) => new() { ["send"] = text };

    public static JsonObject Chunk(string content) => Send(
        $$"""data: {"id":"chatcmpl-spy","object":"chat.completion.chunk","created":1,"model":"spy","choices":[{"index":0,"delta":{"content":{{JsonValue.Create(content).ToJsonString()}}},"finish_reason":null}]}""" + "\n\n");

    public static JsonObject Stop() => Send(
        """data: {"id":"chatcmpl-spy","object":"chat.completion.chunk","created":1,"model":"spy","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n");

    public static JsonObject Usage() => Send(
        """data: {"id":"chatcmpl-spy","object":"chat.completion.chunk","created":1,"model":"spy","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":5,"total_tokens":12}}""" + "\n\n");

    public static JsonObject Done() => Send("data: [DONE]\n\n");

    public static JsonObject Hold(string name) => new() { ["hold"] = name };

    public static JsonObject Destroy() => new() { ["destroy"] = true };

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }

    private async Task PutAsync(string path, JsonNode value)
    {
        using var response = await _http.PutAsync(path, JsonContent.Create(value));
        response.EnsureSuccessStatusCode();
    }
}
