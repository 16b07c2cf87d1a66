using System.Diagnostics.CodeAnalysis;

namespace Proofgate.AzureStores.Accounts;

/// <summary>The address of a blob container. One with a query may hold a signature, and is none.</summary>
internal static class ContainerAddress
{
    internal static bool TryParse(string text, [NotNullWhen(true)] out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address) && address.Scheme == Uri.UriSchemeHttps && address is { UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0 }
        && address.AbsolutePath.Trim('/') is { Length: > 0 } name && !name.Contains('/', StringComparison.Ordinal);
}
