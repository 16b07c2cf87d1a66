using System.Buffers;
using Proofgate.Cedar;

namespace Proofgate.Policy.Decisions;

/// <summary>
/// The question that policy was asked, whole, as one canonical JSON object: the entities, and a Cedar request for each principal (all must be
/// allowed), in Cedar's own JSON forms. Version 1 of ledger.md; <see cref="CedarJson"/> reads it back.
/// </summary>
internal static class CanonicalRequest
{
    internal static void Write(
        IReadOnlyList<Principal> principals, EntityUid action, Entity resource, RecordValue context, IBufferWriter<byte> output)
    {
        output.Write("{\"entities\":"u8);
        CedarJson.Write(output, principals.Select(static p => p.Self).Append(resource));
        output.Write(",\"requests\":["u8);
        for (var i = 0; i < principals.Count; i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            CedarJson.Write(output, new Request(principals[i].Uid, action, resource.Uid, context));
        }

        output.Write("]}"u8);
    }
}
