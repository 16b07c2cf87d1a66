using System.Net;
using Proofgate.Identity;

namespace Proofgate.Tests.Support;

/// <summary>Callers as if they had been authenticated.</summary>
internal static class Callers
{
    internal static readonly DateTimeOffset Now = new(2026, 6, 15, 9, 30, 0, TimeSpan.Zero);

    /// <summary>An application with an API key, tenant contoso, role developer.</summary>
    internal static Caller Application { get; } = Blank() with
    {
        Subject = "svc-shop",
        Kind = SubjectKind.Client,
        Client = "a1B2c3D4",
        Tenant = "contoso",
        Roles = Set("developer"),
        Method = AuthenticationMethod.ApiKey,
        Expires = Now.AddDays(30),
        Limits = new KeyLimits(),
    };

    /// <summary>A person with a token, tenant contoso, role developer.</summary>
    internal static Caller Person { get; } = Blank() with
    {
        Subject = "alice",
        Kind = SubjectKind.User,
        Client = "portal",
        Tenant = "contoso",
        Roles = Set("developer"),
        Method = AuthenticationMethod.Jwt,
        Expires = Now.AddHours(1),
    };

    internal static HashSet<string> Set(params string[] items) => new(items, StringComparer.Ordinal);

    internal static Caller With(this Caller caller, KeyLimits limits, string? address = null) =>
        caller with { Limits = limits, Address = address is null ? null : IPAddress.Parse(address) };

    /// <summary>Only the authenticator can make a caller; these tests stand in for it.</summary>
    private static Caller Blank() => (Caller)Activator.CreateInstance(typeof(Caller), nonPublic: true)!;
}
