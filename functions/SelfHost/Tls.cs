using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Proofgate.Identity.Certificates;

namespace Proofgate.SelfHost;

/// <summary>TLS of this process's own, where a certificate is set; with client certificates where tokens may be bound to them (RFC 8705).</summary>
internal static class Tls
{
    /// <exception cref="SelfHostException">The certificate or its key cannot be read.</exception>
    internal static void Use(ListenOptions listen, SelfHostOptions options, ClientCertificateSource clients)
    {
        if (options.TlsCertificate is not { } file)
        {
            return;
        }

        X509Certificate2 certificate;
        try
        {
            certificate = X509Certificate2.CreateFromPemFile(file, options.TlsKey);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new SelfHostException($"'{file}' and '{options.TlsKey ?? file}' are no certificate with its key in PEM ({e.Message}).", e);
        }

        listen.UseHttps(certificate, https =>
        {
            if (clients == ClientCertificateSource.Tls)
            {
                // Whoever made it: possession is what TLS proves, and the token names the one certificate that it is bound to.
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.AllowAnyClientCertificate();
            }
        });
    }
}
