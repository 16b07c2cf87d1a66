namespace Proofgate.Identity.Tokens;

/// <summary>What an issuer's settings must be.</summary>
internal static class IssuerRules
{
    internal const int MaxIssuers = 100;

    private const int MaxEntries = 1000;

    internal static string PrefixOf(string name, IssuerOptions options) => options.SubjectPrefix ?? name + ":";

    internal static IEnumerable<string> Problems(string section, IssuerOptions options) =>
        Identity(section, options).Concat(Addresses(section, options)).Concat(Mapping(section, options)).Concat(Times(section, options));

    /// <summary>https, or http on loopback: keys that anybody on the way can change are nobody's.</summary>
    internal static bool IsSafe(string? text, out Uri uri) =>
        Uri.TryCreate(text, UriKind.Absolute, out uri!)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && uri is { UserInfo.Length: 0, Fragment.Length: 0 };

    private static IEnumerable<string> Identity(string section, IssuerOptions options)
    {
        if (options.Issuer.Length is 0 or > 1024)
        {
            yield return $"{section}:{nameof(options.Issuer)} must be the issuer's name, exactly as in its tokens.";
        }

        if (options.Audiences.Count is 0 or > 32)
        {
            yield return $"{section}:{nameof(options.Audiences)} must have 1 to 32 entries: a token that is meant for nobody is meant for anybody.";
        }

        foreach (var (at, audience) in options.Audiences.Index())
        {
            if (string.IsNullOrWhiteSpace(audience))
            {
                yield return $"{section}:{nameof(options.Audiences)}:{at} must be a name of this deployment.";
            }
        }

        foreach (var (at, name) in options.Algorithms.Index())
        {
            if (SignatureAlgorithm.Find(name) is null)
            {
                yield return $"{section}:{nameof(options.Algorithms)}:{at} must be one of {string.Join(", ", SignatureAlgorithm.Names)}.";
            }
        }
    }

    private static IEnumerable<string> Addresses(string section, IssuerOptions options)
    {
        if (options is { MetadataAddress: not null, JwksUri: not null })
        {
            yield return $"{section}:{nameof(options.JwksUri)} must not stand beside {nameof(options.MetadataAddress)}: keys come from one place.";
        }

        foreach (var (name, value) in new[] { (nameof(options.MetadataAddress), options.MetadataAddress), (nameof(options.JwksUri), options.JwksUri) })
        {
            if (value is not null && !IsSafe(value, out _))
            {
                yield return $"{section}:{name} must be an https address (http on loopback only).";
            }
        }

        if (options is { MetadataAddress: null, JwksUri: null, Issuer.Length: > 0 } && !IsSafe(options.Issuer, out _))
        {
            yield return $"{section}:{nameof(options.MetadataAddress)} must be given, or {nameof(options.JwksUri)}, where the issuer is no https address.";
        }
    }

    private static IEnumerable<string> Mapping(string section, IssuerOptions options)
    {
        if (string.IsNullOrEmpty(options.Tenant) == string.IsNullOrEmpty(options.TenantClaim))
        {
            yield return $"{section}:{nameof(options.Tenant)} must be given, or {nameof(options.TenantClaim)}, and not both.";
        }

        if (options.Tenant is { Length: > 0 } tenant && !ClaimText.IsName(tenant))
        {
            yield return $"{section}:{nameof(options.Tenant)} must have at most {ClaimText.MaxLength} characters, none a control character.";
        }

        if (options.SubjectPrefix is { Length: > 0 } prefix && (prefix.Length > 64 || !ClaimText.IsName(prefix)))
        {
            yield return $"{section}:{nameof(options.SubjectPrefix)} must have at most 64 characters, none a control character.";
        }

        foreach (var (name, claim, map) in new[]
        {
            (nameof(options.RoleMap), options.RolesClaim, options.RoleMap), (nameof(options.GroupMap), options.GroupsClaim, options.GroupMap),
        })
        {
            if (map.Count > 0 && string.IsNullOrEmpty(claim))
            {
                yield return $"{section}:{name} must have a claim to map from.";
            }

            if (map.Count > MaxEntries || map.Any(static m => !ClaimText.IsName(m.Value)))
            {
                yield return $"{section}:{name} must have at most {MaxEntries} entries, none without a value.";
            }
        }
    }

    private static IEnumerable<string> Times(string section, IssuerOptions options)
    {
        foreach (var (name, value, least, most) in new[]
        {
            (nameof(options.MaxLifetime), options.MaxLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30)),
            (nameof(options.ClockSkew), options.ClockSkew, TimeSpan.Zero, TimeSpan.FromSeconds(60)),
            (nameof(options.RefreshInterval), options.RefreshInterval, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1)),
            (nameof(options.MinRefreshInterval), options.MinRefreshInterval, TimeSpan.FromSeconds(5), TimeSpan.FromHours(1)),
            (nameof(options.MaxStale), options.MaxStale, options.RefreshInterval, TimeSpan.FromDays(7)),
        })
        {
            if (value < least || value > most)
            {
                yield return $"{section}:{name} must be {least:c} to {most:c}.";
            }
        }
    }
}
