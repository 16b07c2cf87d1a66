using System.Buffers;
using Proofgate.Cedar;

namespace Proofgate.Policy.Decisions;

/// <summary>
/// The question that policy was asked, whole, as one canonical JSON object: the entities, the limits of the key if it has any, and a Cedar request
/// for each principal (all must be allowed), in Cedar's own JSON forms. Version 1 of ledger.md; <see cref="RecordedRequest"/> reads it back.
/// </summary>
internal static class CanonicalRequest
{
    internal static void Write(IEnumerable<Entity> entities, RecordValue? limits, ReadOnlySpan<Request> requests, IBufferWriter<byte> output)
    {
        output.Write("{\"entities\":"u8);
        CedarJson.Write(output, entities);
        if (limits is not null)
        {
            output.Write(",\"limits\":"u8);
            CedarJson.Write(output, limits);
        }

        output.Write(",\"requests\":["u8);
        for (var i = 0; i < requests.Length; i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            CedarJson.Write(output, requests[i]);
        }

        output.Write("]}"u8);
    }
}
