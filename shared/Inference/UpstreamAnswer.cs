namespace Proofgate.Inference;

/// <summary>An answer that has begun: status, kind and a body that is still arriving. Disposing it closes the connection.</summary>
public sealed class UpstreamAnswer(HttpResponseMessage response, Stream body) : IAsyncDisposable
{
    public int Status => (int)response.StatusCode;

    public bool IsSuccess => response.IsSuccessStatusCode;

    /// <summary>Media type without parameters, lower case; empty if none was sent.</summary>
    public string MediaType => response.Content.Headers.ContentType?.MediaType?.ToLowerInvariant() ?? string.Empty;

    public TimeSpan? RetryAfter => response.Headers.RetryAfter?.Delta;

    public Stream Body => body;

    public async ValueTask DisposeAsync()
    {
        await body.DisposeAsync();
        response.Dispose();
    }
}
