using System.Buffers;
using System.Globalization;
using System.Text;

namespace Proofgate.Identity.ApiKeys;

/// <summary>What a new key may say of itself; every problem is reported at once.</summary>
internal static class ApiKeySpecRules
{
    private const int MostEntries = 200;
    private const int LongestEntry = 200;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create(Base62.Alphabet + "-._~:/@+*");

    internal static IReadOnlyList<string> Check(ApiKeySpec spec, DateTimeOffset now)
    {
        var problems = new List<string>();
        Text(problems, "name", spec.Name, 100);
        Text(problems, "owner", spec.Owner, 200);
        Name(problems, "tenant", spec.Tenant);
        if (spec.Environment is not (ApiKey.Live or ApiKey.Test))
        {
            problems.Add("environment must be 'live' or 'test'.");
        }

        if (spec.Purpose is not null)
        {
            Name(problems, "purpose", spec.Purpose);
        }

        if (!Enum.IsDefined(spec.OwnerKind))
        {
            problems.Add("ownerKind must be 'user' or 'client'.");
        }

        Names(problems, "roles", spec.Roles);
        Least(problems, "clearance", spec.Clearance, 0);
        Limits(problems, spec.Limits);
        Life(problems, spec, now);
        return problems;
    }

    private static void Limits(List<string> problems, KeyLimits limits)
    {
        Names(problems, "actions", limits.Actions);
        Names(problems, "models", limits.Models);
        Names(problems, "datasets", limits.Datasets);
        Least(problems, "maxLabel", limits.MaxLabel, 0);
        Least(problems, "requestsPerMinute", limits.RequestsPerMinute, 1);
        Least(problems, "tokensPerDay", limits.TokensPerDay, 1);
        if (limits.Networks.Count > MostEntries)
        {
            problems.Add($"networks may have at most {MostEntries} entries.");
        }
        else if (limits.Networks.Any(static n => n.BaseAddress.IsIPv4MappedToIPv6))
        {
            // Addresses are normalised (N1): such an entry would never match.
            problems.Add("networks has an IPv4-mapped entry: write it as IPv4.");
        }
    }

    private static void Life(List<string> problems, ApiKeySpec spec, DateTimeOffset now)
    {
        if (spec.NotBefore > now + Longest)
        {
            problems.Add($"notBefore must be within {Longest.TotalDays} days.");
        }

        if (spec is { NeverExpires: true, Expires: not null })
        {
            problems.Add("expires and neverExpires exclude each other.");
        }
        else if (spec.Expires is { } expires && expires <= (spec.NotBefore > now ? spec.NotBefore : now))
        {
            problems.Add("expires must be later than now and later than notBefore.");
        }
        else if (spec.Expires > now + Longest)
        {
            problems.Add($"expires must be within {Longest.TotalDays} days; a longer life has to be asked for with neverExpires.");
        }
    }

    private static void Text(List<string> problems, string member, string? value, int longest)
    {
        if (string.IsNullOrWhiteSpace(value) || value.Length > longest)
        {
            problems.Add($"{member} must have 1 to {longest} characters.");
        }
        else if (value.EnumerateRunes().Any(static r => r == Rune.ReplacementChar || Rune.GetUnicodeCategory(r) is
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned))
        {
            // Names reach terminals and consoles: nothing in them may move a cursor or turn the reading direction.
            problems.Add($"{member} has a character that cannot be printed.");
        }
    }

    private static void Names(List<string> problems, string member, IReadOnlySet<string> values)
    {
        if (values.Count > MostEntries)
        {
            problems.Add($"{member} may have at most {MostEntries} entries.");
        }
        else if (values.Any(static v => !IsName(v)))
        {
            problems.Add($"{member} has an entry that is not a name: 1 to {LongestEntry} letters, digits and -._~:/@+*.");
        }
    }

    private static void Name(List<string> problems, string member, string? value)
    {
        if (!IsName(value))
        {
            problems.Add($"{member} must be a name: 1 to {LongestEntry} letters, digits and -._~:/@+*.");
        }
    }

    private static bool IsName(string? value) => value is { Length: > 0 and <= LongestEntry } && !value.AsSpan().ContainsAnyExcept(NameCharacters);

    private static void Least(List<string> problems, string member, long? value, long least)
    {
        if (value < least)
        {
            problems.Add($"{member} must be at least {least}.");
        }
    }
}
