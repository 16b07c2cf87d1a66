namespace Proofgate.Audit.Events;

/// <summary>How a request came in: route, credential and sizes. Names are the catalogue's; others appear as length and keyed digest.</summary>
public sealed record RequestRecord
{
    /// <summary>The route's template, for example <c>/v1/chat/completions</c>.</summary>
    public required string Route { get; init; }

    public required string Method { get; init; }

    /// <summary><c>openai.chat</c> and so on; null where the route has no dialect.</summary>
    public string? Dialect { get; init; }

    /// <summary><c>apikey</c>, <c>jwt</c>; null where no credential was accepted.</summary>
    public string? AuthMethod { get; init; }

    /// <summary>Whether possession of a bound key was proved.</summary>
    public bool Bound { get; init; }

    /// <summary>Public id of the API key (kid).</summary>
    public string? KeyId { get; init; }

    public string? Tenant { get; init; }

    public bool Stream { get; init; }

    public long? BodyBytes { get; init; }

    /// <summary>HMAC-SHA256 of the request body under the tenant's key, lower-case hex.</summary>
    public string? BodyDigest { get; init; }

    /// <summary>The model that was asked for.</summary>
    public ClientName? Model { get; init; }
}
