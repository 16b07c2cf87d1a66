namespace Proofgate.Enforcement.Limits;

/// <summary>Whose limits: each call has one of each sort, and all of them hold.</summary>
internal enum LimitScope
{
    /// <summary>An API key, or a subject of one issuer.</summary>
    Key,

    /// <summary>A person or application, over all its keys and tokens.</summary>
    Subject,

    Tenant,

    Model,
}
