using System.Runtime.InteropServices;
using System.Text.Json;
using Proofgate.Enforcement;

namespace Proofgate.Inference.Dialects;

/// <summary>The member <c>proofgate</c> of a body: what a caller tells the gateway and not the model. It is neither inspected nor sent on.</summary>
/// <param name="Datasets">What the prompt is to stand on. Whether a deployment serves it is found out later.</param>
/// <param name="Lineage">Tokens of earlier answers, as they came.</param>
internal sealed record OwnMember(IReadOnlyList<GroundingRequest> Datasets, IReadOnlyList<string> Lineage)
{
    internal const string Name = "proofgate";

    private const int MaxDatasets = 8;

    /// <summary>Beyond what any setting allows: whoever reads the body does not know the setting.</summary>
    private const int MaxTokens = 256;

    /// <summary>Of all of it: it does not count as text of the prompt.</summary>
    private const int MaxBytes = 1024 * 1024;

    /// <summary>What is wrong with it; null if nothing is.</summary>
    internal static DialectRead.Rejected? Read(JsonElement root, out OwnMember own)
    {
        own = new OwnMember([], []);
        if (!JsonBody.Names(root, Name))
        {
            return null;
        }

        var member = root.GetProperty(Name);
        if (member.ValueKind != JsonValueKind.Object || member.EnumerateObject().Any(static m => m.Name is not ("datasets" or "lineage")))
        {
            return JsonBody.Reject("unsupported_parameter", $"'{Name}' must be an object, and may have 'datasets' and 'lineage' and nothing else.", Name);
        }

        if (JsonMarshal.GetRawUtf8Value(member).Length > MaxBytes)
        {
            return JsonBody.TooMuchText(Name);
        }

        if (!TryReadDatasets(member, out var datasets))
        {
            return JsonBody.Reject(
                "unsupported_parameter", $"'{Name}.datasets' must be a list of 1 to {MaxDatasets} objects with 'name' and, if wanted, 'query'.", $"{Name}.datasets");
        }

        if (!TryReadLineage(member, out var lineage))
        {
            return JsonBody.Reject("invalid_lineage", $"'{Name}.lineage' must be a list of at most {MaxTokens} tokens.", $"{Name}.lineage");
        }

        own = new OwnMember(datasets, lineage);
        return null;
    }

    private static bool TryReadDatasets(JsonElement own, out IReadOnlyList<GroundingRequest> datasets)
    {
        datasets = [];
        if (!JsonBody.Names(own, "datasets"))
        {
            return true;
        }

        var list = own.GetProperty("datasets"u8);
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > MaxDatasets || !list.EnumerateArray().All(IsDataset))
        {
            return false;
        }

        datasets =
        [
            .. list.EnumerateArray().Select(static d => new GroundingRequest(
                JsonBody.TextOf(d, "name")!, d.TryGetProperty("query"u8, out var query) ? JsonMarshal.GetRawUtf8Value(query).ToArray() : default)),
        ];
        return true;
    }

    private static bool IsDataset(JsonElement dataset) =>
        JsonBody.TextOf(dataset, "name") is { Length: > 0 and <= JsonBody.MaxModelLength }
        && dataset.EnumerateObject().All(static m => m.NameEquals("name"u8) || m.NameEquals("query"u8));

    private static bool TryReadLineage(JsonElement own, out IReadOnlyList<string> lineage)
    {
        lineage = [];
        if (!JsonBody.Names(own, "lineage"))
        {
            return true;
        }

        var tokens = own.GetProperty("lineage"u8);
        if (tokens.ValueKind != JsonValueKind.Array || tokens.GetArrayLength() > MaxTokens || tokens.EnumerateArray().Any(static t => t.ValueKind != JsonValueKind.String))
        {
            return false;
        }

        lineage = [.. tokens.EnumerateArray().Select(static t => t.GetString()!)];
        return true;
    }
}
