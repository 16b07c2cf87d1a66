namespace Proofgate.Outbound;

/// <summary>A host has no address that this process may connect to.</summary>
public sealed class OutboundRefusedException(string host)
    : HttpRequestException(HttpRequestError.ConnectionError, $"The host '{host}' has no address that this deployment may connect to ({OutboundOptions.Section}).")
{
    /// <summary>Whether a request failed for this: handlers wrap what their callback throws.</summary>
    public static bool IsCauseOf(Exception failure) => failure is OutboundRefusedException || failure.InnerException is OutboundRefusedException;
}
