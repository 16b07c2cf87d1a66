using System.Text.Json;

namespace Proofgate.Inference.Dialects.Embeddings;

/// <summary>Checks a request for embeddings and takes from it what the pipeline must know.</summary>
internal static class EmbeddingsReader
{
    private static readonly HashSet<string> Governed = JsonBody.Governed(["model", "input", "messages", "stream", "proofgate"]);

    internal static DialectRead Read(JsonDocument document, TextSlots.Measured texts, RequestOrigin origin)
    {
        var root = document.RootElement;
        if (JsonBody.SpeltOtherwise(root, Governed) is { } spelt)
        {
            return spelt;
        }

        if (!JsonBody.TryReadModel(root, origin, out var model))
        {
            return JsonBody.NoModel();
        }

        if (!root.TryGetProperty("input"u8, out var input) || !TryCountTokens(input, out var tokens))
        {
            return JsonBody.Reject("invalid_input", "'input' must be a string, a list of strings, a list of tokens, or a list of such lists, and not empty.", "input");
        }

        if (!JsonBody.TryReadFlag(root, "stream", out var stream) || stream)
        {
            return JsonBody.Reject("invalid_type", "Embeddings are not streamed: leave 'stream' out.", "stream");
        }

        if (OwnMember.Read(root, out var own) is { } unserved)
        {
            return unserved;
        }

        if (own.Datasets.Count > 0)
        {
            return JsonBody.Reject("unsupported_parameter", "Embeddings stand on no datasets: leave 'proofgate.datasets' out.", "proofgate.datasets");
        }

        if (texts.Length + tokens > JsonBody.MaxTextLength)
        {
            return JsonBody.TooMuchText("input");
        }

        return new DialectRead.Understood(new EmbeddingsRequest(document, origin.Ids)
        {
            Model = model,
            Stream = false,
            // Only the model's own tokenizer could turn tokens back into text. vLLM also takes messages, with parts of any type.
            Opaque = texts.Opaque || tokens > 0 || JsonBody.Names(root, "messages"),
            TextLength = texts.Length,
            Lineage = own.Lineage,
            EstimatedTokens = (texts.Length / 3) + tokens,
        });
    }

    /// <returns>False if the input is none of the shapes that the dialect has.</returns>
    private static bool TryCountTokens(JsonElement input, out long tokens)
    {
        tokens = 0;
        if (input.ValueKind == JsonValueKind.String)
        {
            return true;
        }

        if (input.ValueKind != JsonValueKind.Array || input.GetArrayLength() == 0)
        {
            return false;
        }

        var kind = input[0].ValueKind;
        if (kind == JsonValueKind.Number)
        {
            tokens = input.GetArrayLength();
        }
        else if (kind == JsonValueKind.Array)
        {
            tokens = input.EnumerateArray().Sum(static i => i.ValueKind == JsonValueKind.Array ? (long)i.GetArrayLength() : 0);
        }

        return kind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.Array
            && input.EnumerateArray().All(i => i.ValueKind == kind && (kind != JsonValueKind.Array || IsListOfTokens(i)));
    }

    private static bool IsListOfTokens(JsonElement list) => list.GetArrayLength() > 0 && list.EnumerateArray().All(static t => t.ValueKind == JsonValueKind.Number);
}
