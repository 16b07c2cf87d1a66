using System.Net.Http.Headers;
using System.Text;

namespace Proofgate.EndToEnd;

/// <summary>Plain HTTP, for what no SDK would send.</summary>
internal static class Http
{
    internal static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false });

    internal static HttpRequestMessage Chat(Gateway gateway, string body, string? key = null) => Chat(gateway.Address, body, key ?? gateway.SampleKey);

    internal static HttpRequestMessage Chat(Uri gateway, string body, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway, "/v1/chat/completions"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return request;
    }

    internal static string Ask(string text, bool stream = false, string model = "assistant") =>
        $$"""{"model":"{{model}}",{{(stream ? "\"stream\":true," : string.Empty)}}"messages":[{"role":"user","content":"{{text}}"}]}""";
}
