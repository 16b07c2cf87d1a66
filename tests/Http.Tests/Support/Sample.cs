namespace Proofgate.Http.Tests.Support;

internal sealed record Sample(string Role, string Path, string? Body)
{
    internal HttpRequestMessage Request(string method, string? query = null)
    {
        var request = Body is null ? new HttpRequestMessage() : TestGateway.Post(Path, Body);
        request.Method = new HttpMethod(method);
        request.RequestUri = new Uri(Path + (Path.Contains('?', StringComparison.Ordinal) ? query?.Replace('?', '&') : query), UriKind.Relative);
        return request;
    }
}
