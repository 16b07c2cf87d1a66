using System.Net;
using Proofgate.Identity;
using Proofgate.Identity.ApiKeys;

namespace Proofgate.AzureStores.Tests.Keys;

internal static class Records
{
    private static readonly DateTimeOffset Day = new(2026, 3, 1, 12, 30, 15, 123, TimeSpan.Zero);
    private static readonly IReadOnlySet<string> NoNames = new HashSet<string>();

    internal static ApiKeyRecord Minimal(KeyId? id = null, byte digest = 1) => new()
    {
        Id = id ?? KeyId.New(),
        Digest = Enumerable.Repeat(digest, 32).ToArray(),
        PepperVersion = 1,
        Environment = "test",
        Name = "n",
        Owner = "o",
        OwnerKind = SubjectKind.Client,
        Tenant = "t",
        NotBefore = Day,
        Created = Day,
        CreatedBy = "system",
        State = ApiKeyState.Active,
    };

    internal static ApiKeyRecord Full() => Minimal() with
    {
        PepperVersion = int.MaxValue,
        Environment = "live",
        Name = "Büro \"7\" \U0001F600",
        OwnerKind = SubjectKind.User,
        Purpose = "support",
        Roles = new HashSet<string> { "admin", "reader, or \"writer\"" },
        Clearance = long.MaxValue,
        Limits = new KeyLimits
        {
            Actions = new HashSet<string> { "infer", "query" },
            Models = new HashSet<string> { "gpt-4o" },
            Datasets = new HashSet<string> { "orders" },
            MaxLabel = 3,
            Networks = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("2001:db8::/32")],
            RequestsPerMinute = 60,
            TokensPerDay = 5_000_000_000,
        },
        Thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I",
        NotBefore = Day.AddTicks(7),
        Expires = Day.AddDays(90),
        Predecessor = KeyId.New(),
        Successor = KeyId.New(),
        State = ApiKeyState.Revoked,
        Revoked = Day.AddDays(1),
    };

    /// <summary>Records hold collections, which compare by reference: so field by field.</summary>
    internal static void AssertSame(ApiKeyRecord expected, ApiKeyRecord? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Digest.ToArray(), actual.Digest.ToArray());
        Assert.Equal(expected.Roles, actual.Roles);
        Assert.Equal(expected.Limits.Actions, actual.Limits.Actions);
        Assert.Equal(expected.Limits.Models, actual.Limits.Models);
        Assert.Equal(expected.Limits.Datasets, actual.Limits.Datasets);
        Assert.Equal(expected.Limits.Networks, actual.Limits.Networks);
        Assert.Equal(Bare(expected), Bare(actual));

        static ApiKeyRecord Bare(ApiKeyRecord record) => record with
        {
            Digest = default,
            Version = null,
            Roles = NoNames,
            Limits = record.Limits with { Actions = NoNames, Models = NoNames, Datasets = NoNames, Networks = [] },
        };
    }
}
