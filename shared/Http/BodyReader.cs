using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Proofgate.Http.Bodies;

namespace Proofgate.Http;

/// <summary>Reads a JSON body whole: bounded in size, in time, and in what all open bodies hold together.</summary>
public sealed class BodyReader(IOptions<BodyOptions> options, TimeProvider time)
{
    internal OpenBodies Open { get; } = new(options.Value.MaxOpenBytes, options.Value.MaxOpenBytesPerKey);

    /// <param name="request">Its body is read once.</param>
    /// <param name="key">Whose memory it is.</param>
    /// <param name="maxBytes">Null: the limit of the settings.</param>
    /// <param name="cancellationToken">The client has left.</param>
    /// <returns>The body, or the refusal that its headers, its size or its slowness ask for.</returns>
    internal async Task<(BoundedBody? Body, BodyFault? Fault)> ReadAsync(HttpRequest request, string key, int? maxBytes, CancellationToken cancellationToken)
    {
        var limit = maxBytes ?? options.Value.MaxBytes;
        if (RefuseByHeaders(request, limit) is { } refused)
        {
            return (null, refused);
        }

        using var late = new CancellationTokenSource(options.Value.ReadTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var body = new BoundedBody(Open, key);
        BodyFault? fault = null;
        try
        {
            fault = await FillAsync(body, request.Body, limit, either.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            fault = new BodyFault(408, "body_timeout", $"The body was not complete after {options.Value.ReadTimeout.TotalSeconds:0} s.");
        }
        catch
        {
            body.Dispose();
            throw;
        }

        if (fault is null)
        {
            return (body, null);
        }

        body.Dispose();
        return (null, fault);
    }

    private static async Task<BodyFault?> FillAsync(BoundedBody body, Stream from, int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (body.Free.IsEmpty && body.TryGrow() is { } fault)
            {
                return fault;
            }

            var read = await from.ReadAsync(body.Free, cancellationToken);
            body.Advance(read);
            if (read == 0 || body.Length > limit)
            {
                return read == 0 ? null : TooLarge(limit);
            }
        }
    }

    private static BodyFault? RefuseByHeaders(HttpRequest request, int limit) =>
        !IsJson(request.ContentType) ? new BodyFault(415, "unsupported_media_type", "Send the body as 'Content-Type: application/json'.")
        : request.Headers.ContentEncoding.Count > 0 && !string.Equals(request.Headers.ContentEncoding, "identity", StringComparison.OrdinalIgnoreCase)
            ? new BodyFault(415, "unsupported_content_encoding", "Send the body without a Content-Encoding: what is compressed is not inspected.")
        : request.ContentLength > limit ? TooLarge(limit)
        : null;

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));

    private static BodyFault TooLarge(int limit) => new(413, "request_too_large", $"A request body may have {limit} bytes.");
}
