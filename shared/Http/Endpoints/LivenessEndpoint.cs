namespace Proofgate.Http.Endpoints;

/// <summary><c>GET /healthz</c>: the process answers.</summary>
public sealed class LivenessEndpoint : IEndpoint
{
    public Task HandleAsync(Exchange exchange) => JsonAnswer.WriteAsync(exchange.Http, 200, """{"status":"alive"}"""u8.ToArray());
}
