using Microsoft.AspNetCore.Http;

namespace Proofgate.Http.Endpoints;

/// <summary>
/// The <c>api-version</c> that clients of Azure OpenAI send. It must be one, and goes no further: the upstream is asked by the version that the
/// bundle names, because that is the one whose answers were reviewed.
/// </summary>
internal static class ApiVersion
{
    internal const string Parameter = "api-version";

    private const int MaxLength = 32;

    internal static bool IsGiven(IQueryCollection query) =>
        query[Parameter] is [{ Length: > 0 and <= MaxLength } version] && version.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
