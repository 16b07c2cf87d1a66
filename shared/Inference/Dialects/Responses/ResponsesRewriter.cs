using System.Text.Json;
using Proofgate.Inference.Dialects.Events;
using Proofgate.Inference.Relay;

namespace Proofgate.Inference.Dialects.Responses;

/// <summary>
/// Rewrites responses. A text is said again when it has ended, with its part, its item and the whole response: each time as its pieces were
/// redacted. Only what comes after a text says whether the provider cut it there.
/// </summary>
internal sealed class ResponsesRewriter : EventRewriter<ResponsePlace>
{
    private readonly ResponsesJson _json;
    private readonly bool _stopsChosen;
    private TextEnd _settled = TextEnd.CutShort;

    internal ResponsesRewriter(RedactionPlan plan, UpstreamIds? ids, bool stopsChosen)
        : base(plan, ResponsePlace.Response)
    {
        _json = new ResponsesJson(plan, Facts, Slots, ids);
        _stopsChosen = stopsChosen;
    }

    protected override EventJson<ResponsePlace> Json => _json;

    protected override StreamStep Note(string type, JsonElement root)
    {
        var happening = ResponseEvent.Read(type, root);
        if (happening.Sort is EventSort.Snapshot or EventSort.Last && root.TryGetProperty("response"u8, out var response))
        {
            NoteFacts(response);
        }

        if (happening.Sort == EventSort.Last)
        {
            _settled = EndBy(type, root);
        }

        if (root.TryGetProperty("item"u8, out var item))
        {
            NoteTool(happening.Item, item);
        }

        _json.Begin(happening, root, _settled);
        return happening.Sort switch
        {
            EventSort.Error => StreamStep.Failed,
            EventSort.Last => type is "response.completed" or "response.incomplete" ? StreamStep.Ended : StreamStep.Failed,
            _ => StreamStep.Continue,
        };
    }

    protected override void NoteAnswer(JsonElement root)
    {
        NoteFacts(root);
        _json.BeginWhole(IsWhole(root) ? TextEnd.Finished : TextEnd.CutShort, LastItemOf(root));
    }

    protected override ResponsePlace PlaceOf(string type) => _json.IsKnown ? ResponsePlace.Event : ResponsePlace.UnknownEvent;

    protected override bool LeavesOpen(string type, JsonElement root)
    {
        _settled = TextEnd.CutShort;
        var happening = ResponseEvent.Read(type, root);
        return happening.Sort == EventSort.Ends && Slots.All.Exists(s => s.Holds && happening.Ends(s.Key));
    }

    protected override bool Settles(string type, JsonElement root)
    {
        switch (ResponseEvent.Read(type, root).Sort)
        {
            case EventSort.Begins:
                _settled = TextEnd.Finished;
                return true;
            case EventSort.Last:
                _settled = EndBy(type, root);
                return true;
            case EventSort.Error:
                return true;
            default:
                return false;
        }
    }

    protected override TextEnd? EndOf(in SlotKey key, string type) => _json.EndOf(key);

    protected override void WriteFault(Utf8JsonWriter writer, StreamFault fault, long sequence) => ResponsesError.Write(writer, fault, sequence);

    private static int LastItemOf(JsonElement response) =>
        response.ValueKind == JsonValueKind.Object && response.TryGetProperty("output"u8, out var output) && output.ValueKind == JsonValueKind.Array ? output.GetArrayLength() - 1 : -1;

    private TextEnd EndBy(string type, JsonElement root) =>
        type == "response.completed" && root.TryGetProperty("response"u8, out var response) && IsWhole(response) ? TextEnd.Finished : TextEnd.CutShort;

    /// <summary>A caller can choose the length, and so where a text is cut.</summary>
    private bool IsWhole(JsonElement response) =>
        !_stopsChosen && JsonBody.TextOf(response, "status") == "completed" && !JsonBody.Names(response, "incomplete_details");

    /// <summary>A tool that the provider runs has its arguments already: nothing is put back into them.</summary>
    private void NoteTool(int number, JsonElement item)
    {
        if (JsonBody.TextOf(item, "type") is "function_call" or "custom_tool_call")
        {
            Slots.Tools.Note(number, 0, JsonBody.TextOf(item, "name"));
        }
    }

    private void NoteFacts(JsonElement response)
    {
        if (response.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        if (response.TryGetProperty("output"u8, out var output) && output.ValueKind == JsonValueKind.Array)
        {
            foreach (var (number, item) in output.EnumerateArray().Index())
            {
                NoteTool(number, item);
            }
        }

        Facts.FinishReason = JsonBody.TextOf(response, "status") switch
        {
            "incomplete" => ReasonOf(response),
            var known and ("completed" or "failed" or "cancelled") => known,
            _ => Facts.FinishReason,
        };
        if (response.TryGetProperty("usage"u8, out var usage) && usage.ValueKind == JsonValueKind.Object)
        {
            Facts.InputTokens = CountOf(usage, "input_tokens") ?? Facts.InputTokens;
            Facts.OutputTokens = CountOf(usage, "output_tokens") ?? Facts.OutputTokens;
        }
    }

    private static string ReasonOf(JsonElement response) =>
        response.TryGetProperty("incomplete_details"u8, out var details) && JsonBody.TextOf(details, "reason") is var reason and ("max_output_tokens" or "content_filter") ? reason : "other";
}
