using System.Text.Json;

namespace Proofgate.Inference.Dialects.Responses;

/// <summary>A request for a response. The ids in it are the caller's names; the provider gets its own.</summary>
internal sealed class ResponsesRequest(JsonDocument document, UpstreamIds? ids, bool stopsChosen) : ForwardedRequest(document)
{
    internal UpstreamIds? Ids => ids;

    /// <summary>Whether the caller chose stop sequences, which vLLM takes: then the answer can have been cut where the caller wanted.</summary>
    internal bool StopsChosen => stopsChosen;

    protected override string Said => "input";

    protected override bool IsOurs(JsonProperty member) => member.NameEquals("store"u8);

    protected override void WriteMember(Utf8JsonWriter writer, JsonProperty member)
    {
        if (member.NameEquals("input"u8) || member.NameEquals("tools"u8))
        {
            writer.WritePropertyName(member.Name);
            GivenIds.WriteOpened(writer, member.Value, ids, isItem: true);
        }
        else
        {
            WriteRaw(writer, member);
        }
    }

    /// <summary>All callers share one upstream account: nothing of a call may stay there.</summary>
    protected override void WriteOurs(Utf8JsonWriter writer) => writer.WriteBoolean("store"u8, false);
}
