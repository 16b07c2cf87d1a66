using System.Net;

namespace Proofgate.Identity;

/// <summary>
/// The most an API key may do, whatever policy permits. An empty set of scopes, models or datasets means no restriction of that kind.
/// </summary>
public sealed record KeyLimits
{
    /// <summary>Cedar action ids that the key may be used for (<c>infer</c>, <c>query</c>, <c>manage</c>...).</summary>
    public IReadOnlySet<string> Actions { get; init; } = new HashSet<string>();

    public IReadOnlySet<string> Models { get; init; } = new HashSet<string>();

    public IReadOnlySet<string> Datasets { get; init; } = new HashSet<string>();

    /// <summary>Highest label rank that a call may carry; null: no limit.</summary>
    public long? MaxLabel { get; init; }

    /// <summary>Networks that the key may be used from; empty: any.</summary>
    public IReadOnlyList<IPNetwork> Networks { get; init; } = [];

    /// <summary>Requests a minute; null: the deployment's default.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Tokens a UTC day; null: the deployment's default.</summary>
    public long? TokensPerDay { get; init; }
}
