using Microsoft.Extensions.Options;
using Proofgate.Identity.Certificates;
using Proofgate.Identity.Proofs;
using Proofgate.Identity.Tokens;

namespace Proofgate.Identity;

/// <summary>What clients may know of how they are to sign in here (RFC 9728, 2), from the objects that decide it (P5, P6).</summary>
public sealed class ResourceMetadata
{
    internal ResourceMetadata(PublicOrigins origins, IOptions<IdentityOptions> options, IOptions<IssuersOptions> issuers)
    {
        var taken = issuers.Value.Issuers.Values;
        Issuers = [.. taken.Select(static i => i.Issuer).Order(StringComparer.Ordinal)];
        BoundTokensRequired = taken.Count > 0 && taken.All(static i => i.RequireBound);
        Origin = origins.First;
        ProofAlgorithms = origins.First is null ? [] : [.. ProofAlgorithm.All.Select(static a => a.Name)];
        CertificatesTaken = options.Value.ClientCertificates != ClientCertificateSource.None;
    }

    /// <summary>The resource's identifier (P3); null if the deployment has no public origin.</summary>
    public string? Origin { get; }

    /// <summary>Issuers whose tokens are taken.</summary>
    public IReadOnlyList<string> Issuers { get; }

    /// <summary>JWS algorithms of proofs; empty if none are taken.</summary>
    public IReadOnlyList<string> ProofAlgorithms { get; }

    /// <summary>Whether every token must be bound to a key pair.</summary>
    public bool BoundTokensRequired { get; }

    /// <summary>Whether tokens that are bound to a client certificate can be used.</summary>
    public bool CertificatesTaken { get; }
}
