using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Proofgate.SelfHost.SampleModel;

/// <summary>Answers embeddings with a short vector that follows from the text: equal texts have equal vectors, and that is all that they mean.</summary>
internal static class SampleEmbeddings
{
    internal static async Task AnswerAsync(HttpContext http)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
        var root = body.RootElement;
        var input = root.GetProperty("input");
        var encoded = root.TryGetProperty("encoding_format", out var format) && format.ValueEquals("base64");
        var texts = input.ValueKind == JsonValueKind.Array ? input.EnumerateArray().Select(static i => i.ToString()).ToList() : [input.ToString()];
        var tokens = texts.Sum(static t => (t.Length / 4) + 1);
        await SampleHttp.WriteAsync(http, new JsonObject
        {
            ["object"] = "list",
            ["model"] = root.GetProperty("model").ToString(),
            ["data"] = new JsonArray([.. texts.Select((text, i) => new JsonObject { ["object"] = "embedding", ["index"] = i, ["embedding"] = Vector(text, encoded) })]),
            ["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens },
        });
    }

    private static JsonNode Vector(string text, bool encoded)
    {
        var numbers = SHA256.HashData(Encoding.UTF8.GetBytes(text)).Select(static b => (b - 128) / 128f).ToArray();
        return encoded ? JsonValue.Create(Convert.ToBase64String(MemoryMarshal.AsBytes(numbers.AsSpan()))) : new JsonArray([.. numbers.Select(static n => JsonValue.Create(n))]);
    }
}
