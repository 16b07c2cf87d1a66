using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Proofgate.Http.Errors;

namespace Proofgate.Http.Tests.Errors;

/// <summary>Errors look as a route's own clients expect.</summary>
public sealed class ErrorWriterTests
{
    [Theory]
    [InlineData(400, "invalid_request_error")]
    [InlineData(401, "authentication_error")]
    [InlineData(403, "permission_error")]
    [InlineData(404, "not_found_error")]
    [InlineData(413, "invalid_request_error")]
    [InlineData(429, "rate_limit_error")]
    [InlineData(500, "server_error")]
    [InlineData(503, "server_error")]
    public void OpenAiError_HasExactlyItsMembers(int status, string type)
    {
        var json = Written(ErrorStyle.OpenAi, new ErrorAnswer(status, "c", "m", "p"));
        Assert.Equal($$$"""{"error":{"message":"m","type":"{{{type}}}","param":"p","code":"c"}}""", json);
        Assert.Null(JsonNode.Parse(Written(ErrorStyle.OpenAi, new ErrorAnswer(status, "c", "m")))!["error"]!["param"]);
    }

    [Theory]
    [InlineData(400, "invalid_request_error")]
    [InlineData(401, "authentication_error")]
    [InlineData(403, "permission_error")]
    [InlineData(404, "not_found_error")]
    [InlineData(413, "request_too_large")]
    [InlineData(429, "rate_limit_error")]
    [InlineData(500, "api_error")]
    [InlineData(503, "overloaded_error")]
    [InlineData(504, "timeout_error")]
    public void AnthropicError_HasExactlyItsMembers(int status, string type) => Assert.Equal(
        $$$"""{"type":"error","error":{"type":"{{{type}}}","message":"m","code":"c"}}""", Written(ErrorStyle.Anthropic, new ErrorAnswer(status, "c", "m", "p")));

    [Fact]
    public void Problem_HasExactlyItsMembers() => Assert.Equal(
        """{"type":"about:blank","title":"Forbidden","status":403,"detail":"m","code":"c"}""", Written(ErrorStyle.Problem, new ErrorAnswer(403, "c", "m")));

    [Fact]
    public void ControlCharacters_DoNotReachATerminal()
    {
        var json = Written(ErrorStyle.OpenAi, new ErrorAnswer(404, "c", "\u001b[31m \u009b31m \u2028 \u202e \r\n"));
        Assert.DoesNotContain(json, static c => char.IsControl(c) || c is '\u2028' or '\u202e');
    }

    [Theory]
    [InlineData(429, null, "2")]
    [InlineData(503, null, "2")]
    [InlineData(429, 0.2, "1")]
    [InlineData(503, 2.1, "3")]
    [InlineData(403, null, null)]
    [Trait("Rule", "H5")]
    public async Task RetryAfter_IsAlwaysThere_WhereTheStatusOwesIt(int status, double? wait, string? expected)
    {
        var http = new DefaultHttpContext();
        await ErrorWriter.WriteAsync(
            http, ErrorStyle.OpenAi, new ErrorAnswer(status, "c", "m", RetryAfter: wait is { } s ? TimeSpan.FromSeconds(s) : null));
        Assert.Equal(expected, (string?)http.Response.Headers.RetryAfter);
    }

    [Fact]
    [Trait("Rule", "H1")]
    public async Task Challenge_IsAlwaysThere_AndTheOneThatWasSetStays()
    {
        var http = new DefaultHttpContext();
        await ErrorWriter.WriteAsync(http, ErrorStyle.OpenAi, new ErrorAnswer(401, "c", "m"));
        Assert.Contains("invalid_token", (string?)http.Response.Headers.WWWAuthenticate, StringComparison.Ordinal);

        http = new DefaultHttpContext();
        http.Response.Headers.WWWAuthenticate = "Bearer realm=\"x\"";
        await ErrorWriter.WriteAsync(http, ErrorStyle.OpenAi, new ErrorAnswer(401, "c", "m"));
        Assert.Equal("Bearer realm=\"x\"", (string?)http.Response.Headers.WWWAuthenticate);
    }

    private static string Written(ErrorStyle style, ErrorAnswer error)
    {
        var output = new ArrayBufferWriter<byte>();
        ErrorWriter.WriteBody(output, style, error);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
