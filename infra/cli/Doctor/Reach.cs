using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Proofgate.Cli.Doctor;

/// <summary>Whether a service answers on the network: a connection, and TLS where the service speaks it. Nothing is sent.</summary>
internal static class Reach
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    internal static async Task<Finding> LookAsync(string check, string host, int port, bool tls, TimeProvider time, CancellationToken cancellationToken)
    {
        var place = $"{host}:{port}";
        using var late = new CancellationTokenSource(Patience);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, stop.Token);
            if (!tls)
            {
                return Finding.Ok(check, $"{place} accepts connections");
            }

            await using var secure = new SslStream(client.GetStream());
            await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host, EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 }, stop.Token);
            return OfCertificate(check, place, secure.RemoteCertificate as X509Certificate2, time);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain)
        {
            return Finding.Failed(check, $"{host} has no address here", "check the name; with private endpoints, ask from their network");
        }
        catch (SocketException)
        {
            return Finding.Failed(check, $"{place} refuses connections", "check that it runs, and that a firewall or private endpoint lets you through");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Finding.Failed(check, $"{place} does not answer within {Patience.TotalSeconds:0} s", "check the firewall; with private endpoints, ask from their network");
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return Finding.Failed(check, $"{place} has no certificate that this machine trusts for {host}", "check the certificate's name, chain and dates, and this machine's trusted roots");
        }
    }

    private static Finding OfCertificate(string check, string place, X509Certificate2? certificate, TimeProvider time)
    {
        var left = certificate is null ? TimeSpan.MaxValue : certificate.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime;
        return left < Soon
            ? Finding.Warning(check, $"{place} answers; its certificate ends in {Math.Max(0, (int)left.TotalDays)} days", "renew the certificate")
            : Finding.Ok(check, $"{place} answers, and its certificate is trusted");
    }
}
