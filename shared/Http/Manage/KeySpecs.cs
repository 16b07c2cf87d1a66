using System.Net;
using Proofgate.Identity;
using Proofgate.Identity.ApiKeys;
using Proofgate.Policy;

namespace Proofgate.Http.Manage;

/// <summary>Reads a key request into a specification, with every fault at once.</summary>
internal static class KeySpecs
{
    /// <summary>That of <c>Proofgate:Admission:RequestsPerMinute</c>.</summary>
    private const int MaxRequestsPerMinute = 10_000_000;

    /// <summary>Far from where sums of tokens would overflow.</summary>
    private const long MaxTokensPerDay = 1_000_000_000_000_000;

    /// <summary>Characters in all lists together: a key is one row, and what policy sees of it goes into every event.</summary>
    private const int MaxNameCharacters = 16_000;

    internal static (ApiKeySpec? Spec, IReadOnlyList<string> Problems) Read(KeyRequest request, string tenant, LabelScale labels, DateTimeOffset now)
    {
        var problems = new List<string>();
        CheckNames(request, problems);
        if (request.RequestsPerMinute > MaxRequestsPerMinute)
        {
            problems.Add($"requestsPerMinute may be {MaxRequestsPerMinute} at most.");
        }

        if (request.TokensPerDay > MaxTokensPerDay)
        {
            problems.Add($"tokensPerDay may be {MaxTokensPerDay} at most.");
        }

        if (request.OwnerKind is not (null or "client" or "user"))
        {
            problems.Add("ownerKind must be 'client' or 'user'.");
        }

        if (request is { ExpiresInDays: not null, NeverExpires: true })
        {
            problems.Add("expiresInDays and neverExpires exclude each other.");
        }

        if (request.ExpiresInDays is { } days && !(days > 0 && days <= 3650))
        {
            problems.Add("expiresInDays must be over 0 and at most 3650.");
        }

        long? maxLabel = null;
        if (request.MaxLabel is { } label)
        {
            maxLabel = labels.TryRank(label, out var rank) ? rank : null;
            if (maxLabel is null)
            {
                problems.Add($"maxLabel must be one of {string.Join(", ", labels.Names)}.");
            }
        }

        var networks = new List<IPNetwork>();
        foreach (var text in request.Networks)
        {
            if (IPNetwork.TryParse(text, out var network) && IPAddress.TryParse(text.AsSpan(0, text.IndexOf('/')), out var address) && address.Equals(network.BaseAddress))
            {
                networks.Add(network);
            }
            else
            {
                problems.Add("networks must be in CIDR form with a zero host part, for example 10.2.0.0/16.");
            }
        }

        return problems.Count > 0 ? (null, problems) : (Build(request, tenant, maxLabel, networks, now), []);
    }

    private static void CheckNames(KeyRequest request, List<string> problems)
    {
        var characters = 0L;
        foreach (var (member, list) in new[]
        {
            ("roles", request.Roles), ("actions", request.Actions), ("models", request.Models), ("datasets", request.Datasets), ("networks", request.Networks),
        })
        {
            if (list.Contains(null!))
            {
                problems.Add($"{member} has an entry that is null.");
            }

            characters += list.Sum(static n => (long?)n?.Length ?? 0);
        }

        if (characters > MaxNameCharacters)
        {
            problems.Add($"roles, actions, models, datasets and networks may have {MaxNameCharacters} characters together.");
        }
    }

    private static ApiKeySpec Build(KeyRequest request, string tenant, long? maxLabel, List<IPNetwork> networks, DateTimeOffset now) => new()
    {
        Name = request.Name ?? string.Empty,
        Owner = request.Owner ?? string.Empty,
        OwnerKind = request.OwnerKind == "user" ? SubjectKind.User : SubjectKind.Client,
        Tenant = tenant,
        Environment = request.Environment ?? "live",
        Purpose = request.Purpose,
        Roles = request.Roles.ToHashSet(StringComparer.Ordinal),
        Clearance = request.Clearance,
        Limits = new KeyLimits
        {
            Actions = request.Actions.ToHashSet(StringComparer.Ordinal),
            Models = request.Models.ToHashSet(StringComparer.Ordinal),
            Datasets = request.Datasets.ToHashSet(StringComparer.Ordinal),
            MaxLabel = maxLabel,
            Networks = networks,
            RequestsPerMinute = request.RequestsPerMinute,
            TokensPerDay = request.TokensPerDay,
        },
        Expires = request.ExpiresInDays is { } days ? now.AddDays(days) : null,
        NeverExpires = request.NeverExpires,
    };
}
