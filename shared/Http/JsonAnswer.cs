using Microsoft.AspNetCore.Http;

namespace Proofgate.Http;

/// <summary>Writes a whole JSON answer.</summary>
internal static class JsonAnswer
{
    internal static async Task WriteAsync(HttpContext http, int status, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        }
    }
}
