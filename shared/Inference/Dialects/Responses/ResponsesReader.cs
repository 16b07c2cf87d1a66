using System.Text.Json;

namespace Proofgate.Inference.Dialects.Responses;

/// <summary>Checks a request for a response and takes from it what the pipeline must know.</summary>
internal static class ResponsesReader
{
    /// <summary>Fields with which one caller could reach what another one stored, or leave a call running that nobody watches.</summary>
    private static readonly string[] StatefulFields = ["previous_response_id", "conversation", "background", "prompt"];

    private static readonly HashSet<string> Governed = JsonBody.Governed(
        ["model", "input", "instructions", "stream", "store", "tools", "tool_choice", "max_output_tokens", "proofgate", .. StatefulFields]);

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

        if (!JsonBody.TryReadFlag(root, "stream", out var stream))
        {
            return JsonBody.Reject("invalid_type", "'stream' must be true or false.", "stream");
        }

        if (JsonBody.StatefulIn(root, StatefulFields) is { } stateful)
        {
            return stateful;
        }

        if (OwnMember.Read(root, out var own) is { } unserved)
        {
            return unserved;
        }

        if (ReadInput(root, origin, out var opaque) is { } badInput)
        {
            return badInput;
        }

        if (ProvidersTools.Read(root, origin, out var hosted) is { } badTools)
        {
            return badTools;
        }

        if (texts.Length > JsonBody.MaxTextLength)
        {
            return JsonBody.TooMuchText("input");
        }

        var stops = JsonBody.Names(root, "stop") || JsonBody.Names(root, "stop_token_ids");
        return new DialectRead.Understood(new ResponsesRequest(document, origin.Ids, stops)
        {
            Model = model,
            Stream = stream,
            Opaque = texts.Opaque || opaque,
            TextLength = texts.Length,
            Lineage = own.Lineage,
            EstimatedTokens = (texts.Length / 3) + Math.Clamp(JsonBody.ReadCount(root, "max_output_tokens") ?? JsonBody.DefaultAnswerTokens, 0, 10_000_000),
            HostedTools = hosted,
            Grounding = own.Datasets,
            ClientTools = JsonBody.ToolNames(root, ProvidersTools.RunsAtClient),
        });
    }

    private static DialectRead.Rejected? ReadInput(JsonElement root, RequestOrigin origin, out bool opaque)
    {
        opaque = false;
        if (!root.TryGetProperty("input"u8, out var input) || input.ValueKind is not (JsonValueKind.String or JsonValueKind.Array))
        {
            return JsonBody.Reject("missing_input", "'input' must be a string or a list of items.", "input");
        }

        if (input.ValueKind == JsonValueKind.String)
        {
            return null;
        }

        foreach (var item in input.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                return JsonBody.Reject("invalid_input", "An item of 'input' must be an object.", "input");
            }

            if (GivenIds.Check(item, origin.Ids, "input") is { } wrong)
            {
                return wrong;
            }

            if (JsonBody.TextOf(item, "type") == "item_reference")
            {
                return JsonBody.Reject(
                    "unsupported_parameter", "Nothing is kept at the provider that an 'item_reference' could mean: send the item itself (in some SDKs by 'store': false).", "input");
            }

            opaque |= !InputItems.IsText(item);
        }

        return null;
    }
}
