using Microsoft.AspNetCore.Http;
using Proofgate.Policy;

namespace Proofgate.Http.Endpoints;

/// <summary>The label that a caller declares for a call: it can only raise what the gateway finds itself.</summary>
internal static class DeclaredLabel
{
    internal const string Header = "Proofgate-Label";

    internal static bool TryRead(IHeaderDictionary headers, LabelScale labels, out long rank)
    {
        rank = 0;
        var values = headers[Header];
        return values.Count == 0 || (values.Count == 1 && labels.TryRank(values[0] ?? string.Empty, out rank));
    }
}
