namespace Proofgate.Identity.Tokens;

/// <summary>A configured issuer at work.</summary>
internal sealed class Issuer(string name, IssuerOptions options, IssuerKeys keys)
{
    private readonly SignatureAlgorithm[] _algorithms =
        [.. (options.Algorithms.Count > 0 ? options.Algorithms.AsEnumerable() : SignatureAlgorithm.Default).Select(SignatureAlgorithm.Find).OfType<SignatureAlgorithm>()];

    private readonly HashSet<string> _audiences = options.Audiences.ToHashSet(StringComparer.Ordinal);

    /// <summary>The name of its section.</summary>
    internal string Name { get; } = name;

    internal IssuerOptions Options { get; } = options;

    internal IssuerKeys Keys { get; } = keys;

    internal IReadOnlyCollection<string> Audiences => _audiences;

    internal string SubjectPrefix { get; } = IssuerRules.PrefixOf(name, options);

    /// <summary>Null for what is not pinned for this issuer (B1).</summary>
    internal SignatureAlgorithm? Algorithm(string? name) => Array.Find(_algorithms, a => a.Name == name);

    /// <summary>A4, O2: exactly ours; no slash or letter case is forgiven.</summary>
    internal bool IsOurs(string audience) => _audiences.Contains(audience);
}
