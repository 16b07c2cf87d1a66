using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Proofgate.Http.Errors;

namespace Proofgate.Http.Evidence;

/// <summary>Answers with a file of the evidence.</summary>
internal static class EvidenceAnswer
{
    internal const string Text = "text/plain; charset=utf-8";
    internal const string Bytes = "application/octet-stream";

    /// <summary>A file that never changes: <c>{size}</c> is in its name.</summary>
    internal const string Immutable = "public, max-age=31536000, immutable";

    internal static async Task WriteAsync(Exchange exchange, ReadOnlyMemory<byte> body, string contentType, string? cacheControl = null)
    {
        var (request, response) = (exchange.Http.Request, exchange.Http.Response);
        if (cacheControl is not null)
        {
            response.Headers.CacheControl = cacheControl;
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body.Span).AsSpan(0, 16))}\"");
            response.Headers.ETag = tag.ToString();
            if (request.GetTypedHeaders().IfNoneMatch is { Count: > 0 and <= 16 } held && held.Any(t => t.Compare(tag, useStrongComparison: false) || t.Tag == "*"))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }

        response.ContentType = contentType;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(request.Method))
        {
            await response.Body.WriteAsync(body, exchange.ClientGone);
        }
    }

    internal static Task NotFoundAsync(Exchange exchange) =>
        ErrorWriter.WriteAsync(exchange.Http, exchange.Route.Errors, new ErrorAnswer(404, "not_found", "The log has no such file."));

    internal static Task UnavailableAsync(Exchange exchange) => ErrorWriter.WriteAsync(
        exchange.Http, exchange.Route.Errors, new ErrorAnswer(503, "evidence_unavailable", "The evidence is out of reach at the moment. Try again shortly."));

    internal static string Partition(Exchange exchange) => exchange.Http.Request.RouteValues["partition"] as string ?? string.Empty;

    internal static string Tile(Exchange exchange) => exchange.Http.Request.RouteValues["tile"] as string ?? string.Empty;
}
