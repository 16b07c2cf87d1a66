namespace Proofgate.Identity.Certificates;

/// <summary>Where a client's certificate comes from (RFC 8705). One place only: what the other one says is never looked at.</summary>
public enum ClientCertificateSource
{
    /// <summary>Nowhere: certificate-bound tokens are refused.</summary>
    None,

    /// <summary>The TLS connection that ends in this process.</summary>
    Tls,

    /// <summary>The header <c>X-ARR-ClientCert</c>, which the front end of Azure Functions sets, and replaces where a client sent one.</summary>
    Platform,
}
