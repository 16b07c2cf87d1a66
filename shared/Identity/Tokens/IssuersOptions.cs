using Microsoft.Extensions.Configuration;

namespace Proofgate.Identity.Tokens;

/// <summary>Section <c>Proofgate:Issuers</c>: name to issuer. Empty, the default: no token is accepted.</summary>
public sealed class IssuersOptions
{
    public const string Section = "Proofgate";

    private readonly List<string> _unknown = [];

    public IDictionary<string, IssuerOptions> Issuers { get; } = new Dictionary<string, IssuerOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Remembers settings that nobody reads: <c>RequireBond</c> must not pass for a demand.</summary>
    internal void Bind(IConfiguration configuration)
    {
        var known = typeof(IssuerOptions).GetProperties().Select(static p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var issuers = configuration.GetSection($"{Section}:{nameof(Issuers)}");
        issuers.Bind(Issuers);
        foreach (var issuer in issuers.GetChildren())
        {
            _unknown.AddRange(issuer.GetChildren().Where(s => !known.Contains(s.Key)).Select(static s => s.Path));
        }
    }

    internal IEnumerable<string> Problems()
    {
        var prefixes = Issuers.ToDictionary(static i => i.Key, static i => IssuerRules.PrefixOf(i.Key, i.Value), StringComparer.OrdinalIgnoreCase);
        return
        [
            .. _unknown.Select(static key => $"{key} must be a setting of an issuer. Check its spelling."),
            .. Issuers.Count > IssuerRules.MaxIssuers ? [$"{Section}:{nameof(Issuers)} must have at most {IssuerRules.MaxIssuers} entries."] : Array.Empty<string>(),
            .. Issuers.SelectMany(static i => IssuerRules.Problems($"{Section}:{nameof(Issuers)}:{i.Key}", i.Value)),
            .. from one in Issuers
               where Issuers.Any(other => !Same(one, other) && one.Value.Issuer.Length > 0 && other.Value.Issuer == one.Value.Issuer)
               select $"{Section}:{nameof(Issuers)}:{one.Key}:{nameof(IssuerOptions.Issuer)} must differ from every other issuer's.",
            .. from one in Issuers
               where Issuers.Any(other => !Same(one, other) && prefixes[one.Key].StartsWith(prefixes[other.Key], StringComparison.Ordinal))
               select $"{Section}:{nameof(Issuers)}:{one.Key}:{nameof(IssuerOptions.SubjectPrefix)} must not begin with another issuer's: two people would be one subject.",
        ];
    }

    private static bool Same(KeyValuePair<string, IssuerOptions> one, KeyValuePair<string, IssuerOptions> other) =>
        one.Key.Equals(other.Key, StringComparison.OrdinalIgnoreCase);
}
