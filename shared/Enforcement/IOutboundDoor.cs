namespace Proofgate.Enforcement;

/// <summary>The one way out of this process over HTTP: it looks at the address that a name resolved to, and connects to that very address.</summary>
public interface IOutboundDoor
{
    /// <summary>Time to connect, TLS included.</summary>
    TimeSpan ConnectTimeout { get; }

    /// <exception cref="HttpRequestException">The host has no address that this deployment may connect to.</exception>
    ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken);
}
