using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Proofgate.Http.Errors;

/// <summary>Writes errors in the shape that a route's clients expect, with the headers that every refusal has.</summary>
internal static class ErrorWriter
{
    /// <summary>Seconds, where nobody knows better.</summary>
    private const string DefaultWait = "2";

    /// <summary>Error texts are read by people, in terminals: no <c>\u0027</c>.</summary>
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static async Task WriteAsync(HttpContext http, ErrorStyle style, ErrorAnswer error)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        var body = new ArrayBufferWriter<byte>(256);
        WriteBody(body, style, error);
        http.Response.StatusCode = error.Status;
        http.Response.ContentType = style == ErrorStyle.Problem ? "application/problem+json" : "application/json";
        http.Response.ContentLength = body.WrittenCount;
        AddRequiredHeaders(http.Response.Headers, error);
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(body.WrittenMemory, http.RequestAborted);
        }
    }

    /// <summary>What a status owes whoever gets it, wherever it was made: 401 a challenge (RFC 9110, 15.5.2), 429 and 503 a time to wait (H5).</summary>
    internal static void AddRequiredHeaders(IHeaderDictionary headers, ErrorAnswer error)
    {
        if (error.RetryAfter is { } wait)
        {
            headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString("0", CultureInfo.InvariantCulture);
        }
        else if (error.Status is 429 or 503 && headers.RetryAfter.Count == 0)
        {
            headers.RetryAfter = DefaultWait;
        }

        if (error.Status == 401 && headers.WWWAuthenticate.Count == 0)
        {
            headers.WWWAuthenticate = "Bearer realm=\"proofgate\", error=\"invalid_token\"";
        }
    }

    internal static void WriteBody(IBufferWriter<byte> output, ErrorStyle style, ErrorAnswer error)
    {
        var message = Printable(error.Message);
        using var writer = new Utf8JsonWriter(output, Readable);
        writer.WriteStartObject();
        if (style == ErrorStyle.Anthropic)
        {
            // Its SDKs read type and message only; the code is for whoever reads further.
            writer.WriteString("type"u8, "error"u8);
            writer.WriteStartObject("error"u8);
            writer.WriteString("type"u8, error.AnthropicType);
            writer.WriteString("message"u8, message);
            writer.WriteString("code"u8, error.Code);
            writer.WriteEndObject();
        }
        else if (style == ErrorStyle.OpenAi)
        {
            writer.WriteStartObject("error"u8);
            writer.WriteString("message"u8, message);
            writer.WriteString("type"u8, error.OpenAiType);
            writer.WriteString("param"u8, error.Param);
            writer.WriteString("code"u8, error.Code);
            writer.WriteEndObject();
        }
        else if (style == ErrorStyle.JsonRpc)
        {
            writer.WriteString("jsonrpc"u8, "2.0"u8);
            switch (error.RpcId?.Id)
            {
                case string text:
                    writer.WriteString("id"u8, text);
                    break;
                case long number:
                    writer.WriteNumber("id"u8, number);
                    break;
                default:
                    writer.WriteNull("id"u8);
                    break;
            }

            writer.WriteStartObject("error"u8);
            writer.WriteNumber("code"u8, error.RpcCode);
            writer.WriteString("message"u8, message);
            writer.WriteStartObject("data"u8);
            writer.WriteString("code"u8, error.Code);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteString("type"u8, "about:blank"u8);
            writer.WriteString("title"u8, ReasonPhrases.GetReasonPhrase(error.Status));
            writer.WriteNumber("status"u8, error.Status);
            writer.WriteString("detail"u8, message);
            writer.WriteString("code"u8, error.Code);
            if (error.Param is { } member)
            {
                writer.WriteString("param"u8, Printable(member));
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>A message can quote a name that the caller sent: what would move a terminal's cursor or turn its text around is not repeated.</summary>
    private static string Printable(string message) =>
        message.Any(IsUnseen) ? string.Create(message.Length, message, static (shown, text) =>
        {
            for (var i = 0; i < shown.Length; i++)
            {
                shown[i] = IsUnseen(text[i]) ? '?' : text[i];
            }
        })
        : message;

    private static bool IsUnseen(char c) => char.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
