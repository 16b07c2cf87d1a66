using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.EndToEnd;

/// <summary>Invariant 8: what a caller or a provider says stands in no log, no event, no table, no blob and no file. Logs are at their most talkative here.</summary>
public sealed class ContentTests(ITestOutputHelper output)
{
    private readonly Canaries _canaries = new();

    [Fact]
    public async Task NoContent_IsInLogsStreamTablesOrFiles()
    {
        using var folder = new TemporaryFolder();
        await using var spy = await SpyUpstream.StartAsync();
        var found = new List<string>();
        int requests;
        string sampleKey;
        await using (var gateway = await Gateway.StartAsync(
            spy.Address, folder.Path, ("Logging__LogLevel__Default", "Trace"), ("Logging__LogLevel__Microsoft", "Trace"), ("Logging__LogLevel__System", "Trace"),
            ("Proofgate__Admission__RequestsPerMinute", "100000"), ("Proofgate__Identity__LookupsPerMinute", "100000")))
        {
            sampleKey = gateway.SampleKey;
            requests = await PlainAsync(gateway, spy) + await StreamedAsync(gateway, spy) + await OtherDialectsAsync(gateway, spy) + await FailedUpstreamsAsync(gateway, spy)
                + await RefusedAsync(gateway) + await MalformedAsync(gateway) + await ManageAsync(gateway) + await RawAsync(gateway);
            Assert.NotEmpty(await spy.RequestsAsync());
            await Ledger.CaughtUpAsync(gateway);
            found.AddRange(await InTablesAsync(gateway, sampleKey));
            Assert.Equal(0, await gateway.InterruptAsync());
            found.AddRange(_canaries.FoundIn("the log", gateway.Printed));
            Assert.Contains("debug: ", gateway.Printed, StringComparison.Ordinal);
            // The banner shows the sample key, once; the log never does.
            Assert.Equal(1, gateway.Printed.Split('\n').Count(l => l.Contains(sampleKey, StringComparison.Ordinal)));
        }

        var (files, bytes) = (0, 0L);
        foreach (var file in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories))
        {
            var content = await File.ReadAllBytesAsync(file);
            (files, bytes) = (files + 1, bytes + content.Length);
            found.AddRange(_canaries.FoundIn(Path.GetRelativePath(folder.Path, file), content));
        }

        output.WriteLine($"{requests} requests with {_canaries.Count} canaries; searched: the log, every table, {files} files of {bytes} bytes");
        Assert.True(files > 5 && requests > 50 && _canaries.Count > 60);
        Assert.Empty(found.Distinct());
    }

    /// <summary>Every field of a request, and of a plain answer.</summary>
    private async Task<int> PlainAsync(Gateway gateway, SpyUpstream spy)
    {
        await spy.HeadAsync(200, "application/json", ("x-request-id", At("upstream header")), ("openai-organization", At("upstream organization")), ("set-cookie", At("upstream cookie")));
        await spy.ScriptAsync(SpyUpstream.Send(
            $$$$"""{"id":"{{{{At("answer id")}}}}","object":"chat.completion","created":1,"model":"{{{{At("answer model")}}}}","system_fingerprint":"{{{{At("fingerprint")}}}}","choices":[{"index":0,"message":{"role":"assistant","content":"{{{{At("answer text")}}}} alice@example.com","refusal":"{{{{At("answer refusal")}}}}","tool_calls":[{"id":"{{{{At("call id")}}}}","type":"function","function":{"name":"{{{{At("answer tool")}}}}","arguments":"{\"a\":\"{{{{At("answer argument")}}}}\"}"}}]},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":5,"total_tokens":12},"{{{{At("answer member")}}}}":1}"""));
        Assert.Equal(200, await SendAsync(Http.Chat(gateway, Body(stream: false))));
        foreach (var header in new[]
        {
            "User-Agent", "Cookie", "X-Request-Id", "X-Forwarded-Host", "Origin", "Referer", "From", "X-Forwarded-For", "Forwarded", "traceparent", "tracestate", "baggage", "Correlation-Context",
            "Request-Id", "OpenAI-Organization", "OpenAI-Beta", "X-Stainless-Lang", "Idempotency-Key", "Accept", "Accept-Language", "Proofgate-Purpose", "If-None-Match", "X-Anything", "Via", "X-Original-URL",
        })
        {
            var request = Http.Chat(gateway, Http.Ask("x"));
            request.Headers.TryAddWithoutValidation(header, At($"header {header}"));
            Assert.Equal(200, await SendAsync(request));
        }

        var named = Http.Chat(gateway, Http.Ask("x"));
        named.Headers.TryAddWithoutValidation(At("header name"), "x");
        named.RequestUri = new Uri(named.RequestUri!, $"?{At("query name")}={At("query value")}&api_key={At("query key")}");
        Assert.Equal(200, await SendAsync(named));
        return 27;
    }

    private async Task<int> StreamedAsync(Gateway gateway, SpyUpstream spy)
    {
        await spy.HeadAsync(200, "text/event-stream", ("x-request-id", At("stream header")));
        await spy.ScriptAsync(
            SpyUpstream.Send($": {At("stream comment")}\n\n"), SpyUpstream.Chunk($"{At("stream text")} 4111 1111 1111 1111 "),
            SpyUpstream.Send($$$$"""data: {"id":"{{{{At("stream id")}}}}","object":"chat.completion.chunk","created":1,"model":"{{{{At("stream model")}}}}","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"{{{{At("stream call")}}}}","type":"function","function":{"name":"{{{{At("stream tool")}}}}","arguments":"{{{{At("stream argument")}}}}"}}]},"finish_reason":null}]}""" + "\n\n"),
            SpyUpstream.Stop(), SpyUpstream.Usage(), SpyUpstream.Done());
        Assert.Equal(200, await SendAsync(Http.Chat(gateway, Body(stream: true))));
        // Streams that end badly, each with what was said before.
        await spy.ScriptAsync(SpyUpstream.Chunk(At("cut stream")), SpyUpstream.Destroy());
        await SendAsync(Http.Chat(gateway, Body(stream: true)));
        await spy.ScriptAsync(SpyUpstream.Send($"data: {At("stream that is no JSON")}\n\n"), SpyUpstream.Done());
        await SendAsync(Http.Chat(gateway, Body(stream: true)));
        await spy.ScriptAsync(SpyUpstream.Send($$$$"""data: {"error":{"message":"{{{{At("stream error")}}}}","code":"{{{{At("stream error code")}}}}"}}""" + "\n\n"));
        await SendAsync(Http.Chat(gateway, Body(stream: true)));
        await spy.ScriptAsync(SpyUpstream.Chunk(At("finish")), SpyUpstream.Send(
            $$$$"""data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"spy","choices":[{"index":0,"delta":{},"finish_reason":"{{{{At("finish reason")}}}}"}]}""" + "\n\n"), SpyUpstream.Done());
        await SendAsync(Http.Chat(gateway, Body(stream: true)));
        return 5;
    }

    /// <summary>Every other dialect, answered and streamed: in each text of the request, and in each of what comes back.</summary>
    private async Task<int> OtherDialectsAsync(Gateway gateway, SpyUpstream spy)
    {
        var sent = 0;
        foreach (var (path, model) in new[]
        {
            ("/v1/responses", "assistant"), ("/openai/v1/responses", "assistant"), ("/openai/responses?api-version=2025-04-01-preview", "assistant"), ("/v1/embeddings", "embeddings"),
            ("/openai/deployments/assistant/chat/completions?api-version=2024-10-21", "assistant"), ("/openai/v1/chat/completions", "assistant"),
            ("/v1/messages", "claude"), ("/v1/messages/count_tokens", "claude"), ("/v1/messages", "assistant"),
        })
        {
            foreach (var stream in new[] { false, true })
            {
                var from = $"{path} {model} {(stream ? "streamed" : "whole")}";
                await spy.HeadAsync(200, stream ? "text/event-stream" : "application/json", ("request-id", At($"{from}: header")));
                var answer = $$$$"""{"id":"{{{{At($"{from}: id")}}}}","object":"response","type":"message","role":"assistant","status":"completed","model":"{{{{At($"{from}: model")}}}}","output":[{"type":"message","id":"{{{{At($"{from}: item")}}}}","role":"assistant","status":"completed","content":[{"type":"output_text","text":"{{{{At($"{from}: text")}}}}","annotations":[]}]}],"content":[{"type":"text","text":"{{{{At($"{from}: block")}}}}"}],"data":[{"object":"embedding","index":0,"embedding":"{{{{At($"{from}: vector")}}}}"}],"choices":[{"index":0,"message":{"role":"assistant","content":"{{{{At($"{from}: choice")}}}}"},"finish_reason":"stop"}],"usage":{"input_tokens":1,"output_tokens":1,"total_tokens":2}}""";
                await spy.ScriptAsync(SpyUpstream.Send(stream ? $"event: {At($"{from}: event")}\ndata: {answer}\n\n" : answer));
                using var request = Http.Chat(gateway, $$$$"""{"model":"{{{{model}}}}","max_tokens":9,"stream":{{{{(stream ? "true" : "false")}}}},"input":"{{{{At($"{from}: input")}}}}","instructions":"{{{{At($"{from}: instructions")}}}}","system":"{{{{At($"{from}: system")}}}}","user":"{{{{At($"{from}: user")}}}}","messages":[{"role":"user","content":"{{{{At($"{from}: message")}}}}"}]}""");
                request.RequestUri = new Uri(gateway.Address, path);
                request.Headers.TryAddWithoutValidation("anthropic-version", "2023-06-01");
                await SendAsync(request);
                using var wrong = Http.Chat(gateway, $$$$"""{"model":"{{{{model}}}}","previous_response_id":"{{{{At($"{from}: foreign id")}}}}","input":[{"type":"{{{{At($"{from}: item type")}}}}"}],"messages":"{{{{At($"{from}: messages")}}}}"}""");
                wrong.RequestUri = new Uri(gateway.Address, path);
                wrong.Headers.TryAddWithoutValidation("anthropic-version", At($"{from}: version"));
                wrong.Headers.TryAddWithoutValidation("anthropic-beta", At($"{from}: beta"));
                await SendAsync(wrong);
                sent += 2;
            }
        }

        return sent;
    }

    private async Task<int> FailedUpstreamsAsync(Gateway gateway, SpyUpstream spy)
    {
        var sent = 0;
        foreach (var (status, type) in new[] { (400, "application/json"), (401, "application/json"), (429, "application/json"), (500, "application/json"), (500, "text/html"), (200, "text/html"), (302, "application/json") })
        {
            foreach (var stream in new[] { false, true })
            {
                await spy.HeadAsync(status, type, ("retry-after", "1"), ("location", $"http://127.0.0.1:9/{At($"location of {status}")}"), ("www-authenticate", At($"challenge of {status}")));
                await spy.ScriptAsync(SpyUpstream.Send($$$$"""{"error":{"message":"{{{{At($"error {status} {type}")}}}}","type":"{{{{At($"error type {status}")}}}}","param":"{{{{At($"error param {status}")}}}}","code":"{{{{At($"error code {status}")}}}}"}}"""));
                await SendAsync(Http.Chat(gateway, Http.Ask(At("prompt of an error"), stream)));
                sent++;
            }
        }

        foreach (var whole in new[] { $$$$"""{"choices":"{{{{At("answer of another shape")}}}}"}""", $"{At("answer that is no JSON")}", $$$$"""{"id":"{{{{At("half an answer")}}}}""" })
        {
            await spy.HeadAsync(200, "application/json");
            await spy.ScriptAsync(SpyUpstream.Send(whole));
            await SendAsync(Http.Chat(gateway, Http.Ask("x")));
            sent++;
        }

        await spy.HeadAsync(200, $"application/{At("upstream media type")}");
        await SendAsync(Http.Chat(gateway, Http.Ask("x")));
        return sent + 1;
    }

    private async Task<int> RefusedAsync(Gateway gateway)
    {
        Assert.Equal(404, await SendAsync(Http.Chat(gateway, Http.Ask("x", model: At("unknown model")))));
        Assert.Equal(401, await SendAsync(Http.Chat(gateway, Http.Ask(At("prompt of a stranger")), At("garbage key"))));
        Assert.Equal(401, await SendAsync(Http.Chat(gateway, Http.Ask("x"), $"pgk_test_AAAAAAAA_{At("well-formed key")}")));
        Assert.Equal(401, await SendAsync(Http.Chat(gateway, Http.Ask("x"), Token(At("issuer"), At("subject"), At("key id")))));
        Assert.Equal(400, await SendAsync(With(Http.Chat(gateway, Http.Ask("x")), "Proofgate-Label", At("label"))));
        await SendAsync(With(Http.Chat(gateway, Http.Ask("x")), "Proofgate-Purpose", new string('x', 5000) + At("long purpose")));
        await SendAsync(With(Http.Chat(gateway, Http.Ask("x")), "DPoP", Token(At("proof"), At("proof subject"), At("proof key"))));
        await SendAsync(With(Http.Chat(gateway, Http.Ask("x")), "x-api-key", At("second key")));
        await SendAsync(Http.Chat(gateway, $$$$"""{"model":"assistant","messages":[{"role":"user","content":"{{{{At("refused prompt")}}}} key AKIAIOSFODNN7EXAMPLE and 4111 1111 1111 1111, DE89 3704 0044 0532 0130 00"}]}"""));
        using var basic = Http.Chat(gateway, Http.Ask("x"));
        basic.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{At("user")}:{At("password")}")));
        Assert.Equal(401, await SendAsync(basic));
        return 10;
    }

    private async Task<int> MalformedAsync(Gateway gateway)
    {
        var bodies = new[]
        {
            $"{At("no JSON")}", $$$$"""{"model":"assistant","messages":[{"role":"user","content":"{{{{At("open string")}}}}""", $$$$"""{"model":"assistant","messages":"{{{{At("messages of another type")}}}}"}""",
            $$$$"""{"model":"assistant","messages":[{"role":"{{{{At("role")}}}}","content":"x"}]}""", $$$$"""{"model":{"{{{{At("model of another type")}}}}":1},"messages":[]}""",
            $$$$"""{"model":"assistant","stream":"{{{{At("stream of another type")}}}}","messages":[{"role":"user","content":"x"}]}""",
            $$$$"""{"model":"assistant","messages":[{"role":"user","content":[{"type":"{{{{At("part type")}}}}","text":"x"}]}]}""",
            $$$$"""{"model":"assistant","model":"{{{{At("second model")}}}}","messages":[{"role":"user","content":"x"}]}""",
            $$$$"""{"model":"assistant","temperature":"{{{{At("temperature")}}}}","messages":[{"role":"user","content":"x"}]}""",
            $$$$"""{"model":"assistant","proofgate":{"datasets":[{"name":"{{{{At("dataset")}}}}","query":"{{{{At("dataset query")}}}}"}],"lineage":["{{{{At("lineage")}}}}"]},"messages":[{"role":"user","content":"x"}]}""",
            new string('[', 200) + At("deep"), "\"" + new string('x', 2_000_000) + At("long") + "\"",
        };
        foreach (var body in bodies)
        {
            await SendAsync(Http.Chat(gateway, body));
        }

        using var typed = Http.Chat(gateway, "x");
        typed.Content!.Headers.Remove("Content-Type");
        typed.Content.Headers.TryAddWithoutValidation("Content-Type", $"text/{At("media type")}; charset={At("charset")}");
        await SendAsync(typed);
        using var encoded = Http.Chat(gateway, "x");
        encoded.Content!.Headers.TryAddWithoutValidation("Content-Encoding", At("content coding"));
        await SendAsync(encoded);
        return bodies.Length + 2;
    }

    private async Task<int> ManageAsync(Gateway gateway)
    {
        var sent = 0;
        foreach (var (method, path, body) in new[]
        {
            (HttpMethod.Get, $"/{At("unknown path")}", null), (HttpMethod.Get, $"/v1/models?{At("list query")}", null), (HttpMethod.Post, $"/manage/keys/{At("kid")}/revoke", ""),
            (HttpMethod.Delete, $"/manage/deny/{At("deny id")}", null), (HttpMethod.Post, "/manage/keys", $$$$"""{"{{{{At("unknown member")}}}}":1}"""), (HttpMethod.Post, "/manage/keys", At("manage body")),
            (HttpMethod.Post, "/keys/leaked", $$$$"""{"key":"{{{{At("leaked key")}}}}"}"""), (HttpMethod.Post, "/keys/leaked", At("leak body")), (HttpMethod.Post, "/manage/init", At("init body")),
            (HttpMethod.Put, $"/v1/chat/completions?{At("wrong method query")}", At("wrong method body")),
        })
        {
            foreach (var key in new[] { gateway.SampleKey, gateway.AdminKey })
            {
                using var request = new HttpRequestMessage(method, new Uri(gateway.Address, path));
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
                request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
                await SendAsync(request);
                sent++;
            }
        }

        return sent;
    }

    /// <summary>What no client library sends, and what a server is tempted to quote.</summary>
    private async Task<int> RawAsync(Gateway gateway)
    {
        var heads = new[]
        {
            $"{At("raw method")} /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", $"GET /v1/models HTTP/{At("raw version")}\r\n\r\n", $"GET {At("raw target")} HTTP/1.1\r\nHost: x\r\n\r\n",
            $"GET /v1/models HTTP/1.1\r\nHost: {At("raw host")} {At("raw host with a blank")}\r\n\r\n", $"GET /v1/models HTTP/1.1\r\nHost: x\r\n{At("raw header without colon")}\r\n\r\n",
            $"GET /v1/models HTTP/1.1\r\nHost: x\r\n bad {At("raw folded")}: {At("raw value")}\r\n\r\n", $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: {At("raw length")}\r\n\r\n",
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {At("raw coding")}\r\n\r\n", $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{At("raw chunk")}\r\n",
            $"GET /v1/models?{new string('a', 20_000)}{At("raw long query")} HTTP/1.1\r\nHost: x\r\n\r\n", $"GET /v1/models HTTP/1.1\r\nHost: x\r\nX: {new string('a', 40_000)}{At("raw long header")}\r\n\r\n",
            $"GET http://{At("raw authority")}/v1/models HTTP/1.1\r\nHost: x\r\n\r\n", $"OPTIONS * HTTP/1.1\r\nHost: {At("raw options host")}\r\n\r\n", $"GET /%zz{At("raw escape")}%00 HTTP/1.1\r\nHost: x\r\n\r\n",
        };
        foreach (var head in heads)
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", gateway.Address.Port);
            await using var wire = client.GetStream();
            try
            {
                await wire.WriteAsync(Encoding.Latin1.GetBytes(head));
                client.Client.Shutdown(SocketShutdown.Send);
                await wire.CopyToAsync(Stream.Null);
            }
            catch (IOException)
            {
                // The server has hung up on what it does not read.
            }
        }

        return heads.Length;
    }

    private string Body(bool stream) =>
        $$$$"""
        {"model":"assistant","stream":{{{{(stream ? "true" : "false")}}}},"user":"{{{{At("user")}}}}","metadata":{"{{{{At("metadata name")}}}}":"{{{{At("metadata value")}}}}"},"stop":["{{{{At("stop")}}}}"],"safety_identifier":"{{{{At("safety identifier")}}}}",
        "prompt_cache_key":"{{{{At("cache key")}}}}","{{{{At("member name")}}}}":"{{{{At("member value")}}}}","response_format":{"type":"json_schema","json_schema":{"name":"{{{{At("schema name")}}}}","schema":{"type":"object","description":"{{{{At("schema text")}}}}"}}},
        "tools":[{"type":"function","function":{"name":"{{{{At("tool name")}}}}","description":"{{{{At("tool text")}}}}","parameters":{"type":"object","properties":{"{{{{At("tool parameter")}}}}":{"type":"string"}} } }}],
        "messages":[{"role":"system","content":"{{{{At("system")}}}}"},{"role":"user","name":"{{{{At("author")}}}}","content":[{"type":"text","text":"{{{{At("part")}}}} alice@example.com"}]},
        {"role":"assistant","content":"{{{{At("earlier answer")}}}}","tool_calls":[{"id":"{{{{At("earlier call")}}}}","type":"function","function":{"name":"f","arguments":"{\"a\":\"{{{{At("earlier argument")}}}}\"}"}}]},
        {"role":"tool","tool_call_id":"c","content":"{{{{At("tool result")}}}}"},{"role":"user","content":"{{{{At("prompt")}}}} 10.11.12.13"}]}
        """;

    private string At(string place) => _canaries.At($"{place} #{_canaries.Count}");

    private static string Token(string issuer, string subject, string kid)
    {
        static string Part(JsonObject json) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
        return $"{Part(new JsonObject { ["alg"] = "ES256", ["typ"] = "at+jwt", ["kid"] = kid })}.{Part(new JsonObject { ["iss"] = $"https://{issuer}", ["sub"] = subject })}.AAAA";
    }

    private static HttpRequestMessage With(HttpRequestMessage request, string header, string value)
    {
        request.Headers.TryAddWithoutValidation(header, value);
        return request;
    }

    private static async Task<int> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            try
            {
                using var response = await Http.Client.SendAsync(request);
                await response.Content.ReadAsByteArrayAsync();
                return (int)response.StatusCode;
            }
            catch (HttpRequestException)
            {
                return 0;
            }
        }
    }

    private async Task<List<string>> InTablesAsync(Gateway gateway, string key)
    {
        var found = new List<string>();
        var (tables, rows) = (0, 0);
        var account = new TableServiceClient(gateway.StorageConnection);
        await foreach (var table in account.QueryAsync())
        {
            tables++;
            await foreach (var row in account.GetTableClient(table.Name).QueryAsync<TableEntity>())
            {
                rows++;
                foreach (var (name, value) in row)
                {
                    var bytes = value as byte[] ?? Encoding.UTF8.GetBytes($"{value}");
                    found.AddRange(_canaries.FoundIn($"table {table.Name}, column {name}", bytes));
                    found.AddRange(_canaries.FoundIn($"table {table.Name}, a column's name", name));
                    if (bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(key)) >= 0 || (table.Name == "Audit" && bytes.AsSpan().IndexOf("sample-app"u8) >= 0))
                    {
                        found.Add($"the key or its owner in table {table.Name}, column {name}");
                    }
                }
            }
        }

        output.WriteLine($"{tables} tables, {rows} rows");
        Assert.True(tables >= 5 && rows > 50);
        return found;
    }
}
