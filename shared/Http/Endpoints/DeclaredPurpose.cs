using Microsoft.AspNetCore.Http;

namespace Proofgate.Http.Endpoints;

/// <summary>What a caller says that a call is for: <c>context.declaredPurpose</c>, proof of nothing.</summary>
internal static class DeclaredPurpose
{
    internal const string Header = "Proofgate-Purpose";

    internal const int MaxLength = 128;

    /// <returns>False if it was sent more than once, empty, too long or not printable: a purpose that policy does not get to see must not pass for none.</returns>
    internal static bool TryRead(IHeaderDictionary headers, out string? purpose)
    {
        var values = headers[Header];
        purpose = values.Count == 1 ? values[0] : null;
        return values.Count == 0 || (purpose is { Length: > 0 and <= MaxLength } && !purpose.Any(char.IsControl));
    }
}
