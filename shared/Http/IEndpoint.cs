namespace Proofgate.Http;

/// <summary>Handles requests of one route, after the front desk has let them in.</summary>
public interface IEndpoint
{
    Task HandleAsync(Exchange exchange);
}
