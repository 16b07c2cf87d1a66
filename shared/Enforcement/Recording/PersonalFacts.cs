using System.Buffers;
using Proofgate.Audit;
using Proofgate.Cedar;
using Proofgate.Identity;

namespace Proofgate.Enforcement.Recording;

/// <summary>The sealed part of a call's events: who, from where, and the canonical request that policy saw.</summary>
internal static class PersonalFacts
{
    internal static PersonalPart Of(Caller caller) => Of(caller, null, null);

    internal static PersonalPart Of(Call call, Judgement? judgement) => Of(call.Caller, call, judgement);

    private static PersonalPart Of(Caller caller, Call? call, Judgement? judgement)
    {
        var json = new ArrayBufferWriter<byte>(1024);
        // Canonical (RFC 8785): the members in the order of their names, each string as Cedar writes it.
        json.Write("{"u8);
        if (caller.Actors.Count > 0)
        {
            json.Write("\"actors\":["u8);
            for (var i = 0; i < caller.Actors.Count; i++)
            {
                json.Write(i == 0 ? ""u8 : ","u8);
                CedarJson.Write(json, caller.Actors[i]);
            }

            json.Write("],"u8);
        }

        if (caller.Address is { } address)
        {
            json.Write("\"address\":"u8);
            CedarJson.Write(json, address.ToString());
            json.Write(","u8);
        }

        json.Write("\"client\":"u8);
        CedarJson.Write(json, caller.Client);
        if (call is not null && judgement is not null)
        {
            json.Write(",\"request\":"u8);
            judgement.Inquiry.WriteCanonical(call.Action, call.Resource, judgement.Facts, json, judgement.Entries);
        }

        json.Write(",\"subject\":"u8);
        CedarJson.Write(json, caller.Subject);
        json.Write("}"u8);
        return new PersonalPart(caller.Tenant, caller.Subject, json.WrittenMemory);
    }
}
