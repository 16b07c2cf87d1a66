using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Proofgate.Identity.ApiKeys;

namespace Proofgate.EndToEnd;

/// <summary>Every refusal with its status, its shape, and nothing sent on.</summary>
public sealed class RefusalTests(Fixture fixture) : IClassFixture<Fixture>
{
    private Gateway Gateway => fixture.Gateway;

    [Fact]
    [Trait("Rule", "H1")]
    public async Task NpmClient_RaisesItsOwnErrors_ForEachRefusal()
    {
        await fixture.Spy.ScriptAsync();
        var wrong = ApiKey.Create("test").Reveal();
        Assert.Equal(("AuthenticationError", 401, "invalid_api_key"), await ErrorAsync("hi", key: wrong));
        Assert.Equal(("AuthenticationError", 401, "invalid_api_key"), await ErrorAsync("hi", key: "sk-something-else"));
        Assert.Equal(("PermissionDeniedError", 403, "policy_denied"), await ErrorAsync("hi", model: "board-assistant"));
        Assert.Equal(("NotFoundError", 404, "model_not_found"), await ErrorAsync("hi", model: "gpt-9"));
        Assert.Equal(("UnprocessableEntityError", 422, "prompt_contains_sensitive_data"), await ErrorAsync("pay with 4111 1111 1111 1111"));
        Assert.Empty(await fixture.Spy.RequestsAsync());
    }

    [Theory]
    [InlineData("{", 400, "invalid_json")]
    [InlineData("[]", 400, "invalid_json")]
    [InlineData("""{"model":"assistant","model":"board-assistant","messages":[{"role":"user","content":"x"}]}""", 400, "invalid_json")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", 400, "missing_model")]
    [InlineData("""{"model":"assistant","messages":[]}""", 400, "missing_messages")]
    [InlineData("""{"model":"assistant","messages":[{"role":"user","content":"x"}],"previous_response_id":"r"}""", 400, "unsupported_parameter")]
    public async Task BadBody_IsRefused_InOpenAiShape(string body, int status, string code)
    {
        using var response = await Http.Client.SendAsync(Http.Chat(Gateway, body));
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!;
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, (string?)error["code"]);
        Assert.Equal("invalid_request_error", (string?)error["type"]);
        Assert.True(response.Headers.Contains("Proofgate-Audit-Id"));
    }

    [Fact]
    public async Task LargePrompt_Is413_AndALargerBodyToo()
    {
        using var prompt = await Http.Client.SendAsync(Http.Chat(Gateway, Http.Ask(new string('x', 2 * 1024 * 1024))));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, prompt.StatusCode);
        Assert.Contains("prompt_too_large", await prompt.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var body = await Http.Client.SendAsync(Http.Chat(Gateway, Http.Ask(new string('x', 21 * 1024 * 1024))));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, body.StatusCode);
        Assert.Contains("request_too_large", await body.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "H5")]
    public async Task WrongMediaTypeAndMethod_Are415And405()
    {
        using var text = Http.Chat(Gateway, Http.Ask("x"));
        text.Content = new StringContent(Http.Ask("x"), Encoding.UTF8, "text/plain");
        using var unsupported = await Http.Client.SendAsync(text);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, unsupported.StatusCode);

        using var get = await Http.Client.GetAsync(new Uri(Gateway.Address, "/v1/chat/completions"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
        Assert.Equal(["POST"], get.Content.Headers.Allow);
    }

    [Fact]
    [Trait("Rule", "H3")]
    [Trait("Rule", "H4")]
    [Trait("Rule", "H8")]
    public async Task NoCredential_IsChallengedWithoutError_AlsoWhenItStandsInTheQuery()
    {
        var key = Gateway.SampleKey;
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Gateway.Address, $"/v1/models?api_key={key}&access_token={key}&key={key}"));
        using var response = await Http.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        var challenge = string.Join(", ", response.Headers.WwwAuthenticate);
        Assert.Contains("Bearer", challenge, StringComparison.Ordinal);
        Assert.DoesNotContain("error=", challenge, StringComparison.Ordinal);
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task UnknownAndWrongKey_GetTheSameAnswer()
    {
        var unknown = ApiKey.Create("test").Reveal();
        var wrong = WithKidOf(Gateway.SampleKey);
        using var first = await Http.Client.SendAsync(Http.Chat(Gateway, Http.Ask("x"), unknown));
        using var second = await Http.Client.SendAsync(Http.Chat(Gateway, Http.Ask("x"), wrong));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal(first.StatusCode, second.StatusCode);
        Assert.Equal(first.Headers.WwwAuthenticate.ToString(), second.Headers.WwwAuthenticate.ToString());
        Assert.Equal(Names(first), Names(second));
    }

    private static string[] Names(HttpResponseMessage response) => [.. response.Headers.Select(static h => h.Key).Order()];

    /// <summary>A key of true form with an id that exists and a secret that is not its own.</summary>
    private static string WithKidOf(string key)
    {
        // The checksum covers the id: search a random key's form with it.
        var parts = key.Split('_');
        var secret = new string('A', 30);
        var body = $"{parts[0]}_{parts[1]}_{parts[2]}_{secret}";
        var crc = Crc32(Encoding.ASCII.GetBytes(body));
        const string alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        var digits = new char[6];
        for (var i = 5; i >= 0; i--, crc /= 62)
        {
            digits[i] = alphabet[(int)(crc % 62)];
        }

        return body + new string(digits);
    }

    private static uint Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
        }

        return ~crc;
    }

    private async Task<(string?, int?, string?)> ErrorAsync(string text, string? key = null, string model = "assistant")
    {
        var said = Assert.Single(await OpenAiPeer.RunAsync(Gateway, "stream", text, key, model));
        return ((string?)said["error"], (int?)said["status"], (string?)said["code"]);
    }
}
