using System.Collections.Frozen;

namespace Proofgate.Identity.Denials;

/// <summary>The deny list at one moment, built for looking up: no lock and no allocation.</summary>
internal sealed class DenySnapshot
{
    private readonly FrozenDictionary<string, Tenant> _tenants;

    internal DenySnapshot(IEnumerable<DenyEntry> entries) => _tenants = entries
        .GroupBy(static e => e.Tenant, StringComparer.Ordinal)
        .ToFrozenDictionary(static g => g.Key, static g => new Tenant(g), StringComparer.Ordinal);

    internal static DenySnapshot Empty { get; } = new([]);

    /// <summary>Entries bite callers of their own tenant only: an administrator's word ends at the tenant's border.</summary>
    internal bool Denies(Caller caller, DateTimeOffset now) => _tenants.Count > 0 && _tenants.TryGetValue(caller.Tenant, out var tenant) && tenant.Denies(caller, now);

    private sealed class Tenant(IEnumerable<DenyEntry> entries)
    {
        private readonly FrozenDictionary<string, DateTimeOffset>[] _values =
            [.. Enum.GetValues<DenyKind>().Where(static k => k != DenyKind.IssuerKey).Select(k => Index(entries.Where(e => e.Kind == k), static e => e.Value))];

        private readonly FrozenDictionary<(string Issuer, string Key), DateTimeOffset> _issuerKeys =
            Index(entries.Where(static e => e.Kind == DenyKind.IssuerKey), static e => Split(e.Value));

        internal bool Denies(Caller caller, DateTimeOffset now)
        {
            if (Has(DenyKind.Subject, caller.Subject, now) || Has(DenyKind.Client, caller.Client, now) || Has(DenyKind.TokenId, caller.TokenId, now)
                || Has(DenyKind.Thumbprint, caller.Thumbprint, now)
                || (caller is { Issuer: { } issuer, SigningKeyId: { } key } && _issuerKeys.TryGetValue((issuer, key), out var end) && end > now))
            {
                return true;
            }

            // Whoever is denied may not come back as somebody else's agent.
            for (var i = 0; i < caller.Actors.Count; i++)
            {
                if (Has(DenyKind.Subject, caller.Actors[i], now))
                {
                    return true;
                }
            }

            return false;
        }

        private bool Has(DenyKind kind, string? value, DateTimeOffset now) => value is not null && _values[(int)kind].TryGetValue(value, out var end) && end > now;

        /// <summary>Should two entries say the same, the longer one holds: a list that cannot be indexed would refuse everybody.</summary>
        private static FrozenDictionary<TKey, DateTimeOffset> Index<TKey>(IEnumerable<DenyEntry> entries, Func<DenyEntry, TKey> keyOf)
            where TKey : notnull => entries
            .GroupBy(keyOf).ToFrozenDictionary(static g => g.Key, static g => g.Max(static e => e.Until ?? DateTimeOffset.MaxValue));

        /// <summary>No issuer has a space in it: it is a URL. A key's id may.</summary>
        private static (string Issuer, string Key) Split(string value)
        {
            var at = value.IndexOf(' ', StringComparison.Ordinal);
            return at < 0 ? (value, string.Empty) : (value[..at], value[(at + 1)..]);
        }
    }
}
