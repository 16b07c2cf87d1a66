namespace Proofgate.Identity.Credentials;

/// <summary>Values of <c>WWW-Authenticate</c>: the schemes that this deployment really takes (RFC 6750, 3).</summary>
internal static class Challenge
{
    private const string Realm = "Bearer realm=\"proofgate\"";

    /// <summary>For requests without credentials: no error (D19, H3).</summary>
    internal static IReadOnlyList<string> Offer { get; } = [Realm];

    /// <param name="error">Of RFC 6750, 3.1.</param>
    /// <param name="description">Printable ASCII without quote and backslash.</param>
    internal static IReadOnlyList<string> Error(string error, string description) =>
        [$"{Realm}, error=\"{error}\", error_description=\"{description}\""];
}
