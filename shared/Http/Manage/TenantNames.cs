using System.Buffers;

namespace Proofgate.Http.Manage;

/// <summary>What a tenant may be called, asked before a request's word for one is put into a question to policy.</summary>
internal static class TenantNames
{
    internal const string Problem = "tenant must be a name: 1 to 200 letters, digits and -._~:/@+*.";

    private const int MaxLength = 200;

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/@+*");

    internal static bool IsName(string tenant) => tenant.Length is > 0 and <= MaxLength && !tenant.AsSpan().ContainsAnyExcept(Characters);
}
