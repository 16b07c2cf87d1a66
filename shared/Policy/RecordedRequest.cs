using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using Proofgate.Cedar;
using Proofgate.Cedar.Explaining;
using Proofgate.Identity;
using Proofgate.Policy.Decisions;

namespace Proofgate.Policy;

/// <summary>
/// A canonical request that the ledger recorded: everything that one decision was made on, so that anybody can make it again, under the same
/// bundle to check the gateway or under another to see what would change.
/// </summary>
public sealed class RecordedRequest
{
    private const int MaxPrincipals = 32;

    private readonly Entities _entities;
    private readonly KeyLimits? _limits;
    private readonly Request[] _requests;

    private RecordedRequest(Entities entities, KeyLimits? limits, Request[] requests)
    {
        (_entities, _limits, _requests) = (entities, limits, requests);
    }

    /// <summary>Who calls first, then each who acts for the caller.</summary>
    public IReadOnlyList<EntityUid> Principals => [.. _requests.Select(static r => r.Principal)];

    public EntityUid Action => _requests[0].Action;

    public EntityUid Resource => _requests[0].Resource;

    /// <summary>The context that every principal was judged in.</summary>
    public RecordValue Context => _requests[0].Context;

    /// <summary>False if it is not a canonical request of this version.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out RecordedRequest? request)
    {
        request = null;
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = CedarLimits.JsonDepth, AllowDuplicateProperties = false });
            request = Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or not of Unicode texts: there is nothing to decide.
        }

        return request is not null;
    }

    /// <summary>For each principal, why each policy of <paramref name="bundle"/> applies to the question or does not. Limits of a key come before policies and are not in it.</summary>
    public IReadOnlyList<(EntityUid Principal, Explanation Explanation)> Explain(PolicyBundle bundle) =>
        [.. _requests.Select(r => (r.Principal, bundle.Policies.Explain(r, _entities)))];

    /// <summary>The same question to <paramref name="bundle"/>.</summary>
    public Decision Decide(PolicyBundle bundle) => Decide(bundle, Action, Resource);

    /// <summary>The question about another entity of the record: a listing asks about each of its entries.</summary>
    public Decision DecideEntry(PolicyBundle bundle, EntityUid action, string id)
    {
        var entry = _entities.All.Select(static e => e.Uid).Where(u => u.Id == id && !Vocabulary.IsPrincipal(u));
        return Decide(bundle, action, entry.Append(new EntityUid(Resource.Type, id)).First());
    }

    /// <summary>Which rows of the dataset that the question is about may be read.</summary>
    public RowScope Rows(PolicyBundle bundle) => RowScope.Of(bundle, [.. _requests.Select(r => (r.Principal, _entities))], Resource, Context);

    private Decision Decide(PolicyBundle bundle, EntityUid action, EntityUid resource) =>
        KeyLimitRules.Check(_limits, action, resource, Label, Address) is { } limit
            ? KeyLimitRules.Refuse(limit, bundle, DateTimeOffset.MaxValue)
            : Judge(bundle, [.. _requests.Select(r => r with { Action = action, Resource = resource })]);

    /// <summary>A further question about a kind of data, as <see cref="Inquiry.Ask"/> asks it.</summary>
    public Decision Ask(PolicyBundle bundle, EntityUid action, string kind)
    {
        if (action == Vocabulary.Disclose)
        {
            return KeyLimitRules.Check(_limits, action, Resource, Label, Address) is { } limit
                ? KeyLimitRules.Refuse(limit, bundle, DateTimeOffset.MaxValue)
                : Judge(bundle, [.. _requests.Select(r => r with { Action = action, Context = With(r.Context, "kinds", SetValue.From([Vocabulary.KindId(kind)])) })]);
        }

        return Judge(bundle, [.. _requests.Select(r =>
            new Request(r.Principal, action, Vocabulary.KindId(kind), With(r.Context, Vocabulary.SourceAttribute(r.Resource), new EntityValue(r.Resource))))]);
    }

    /// <summary>The question whether a kind of data may be given to a tool of the caller.</summary>
    public Decision AskToGive(PolicyBundle bundle, string kind, string tool)
    {
        var uid = _entities.All.Select(static e => e.Uid).First(u => u.Id == tool && !Vocabulary.IsPrincipal(u));
        return KeyLimitRules.Check(_limits, Vocabulary.Disclose, uid, Label, Address) is { } limit
            ? KeyLimitRules.Refuse(limit, bundle, DateTimeOffset.MaxValue)
            : Judge(bundle, [.. _requests.Select(r => r with { Action = Vocabulary.Disclose, Resource = uid, Context = With(r.Context, "kinds", SetValue.From([Vocabulary.KindId(kind)])) })]);
    }

    private long Label => Context.TryGet("label", out var label) && label is LongValue rank ? rank.Value : 0;

    private System.Net.IPAddress? Address => Context.TryGet("ip", out var ip) && ip is IpValue address ? address.ToAddress() : null;

    private Decision Judge(PolicyBundle bundle, Request[] requests) => Jury.Judge(bundle, requests, [.. requests.Select(_ => _entities)], DateTimeOffset.MaxValue);

    private static RecordValue With(RecordValue record, string name, Value value)
    {
        var members = new List<KeyValuePair<string, Value>>(record.Count + 1);
        for (var i = 0; i < record.Count; i++)
        {
            if (record.Names[i] != name)
            {
                members.Add(new(record.Names[i], record.Values[i]));
            }
        }

        members.Add(new(name, value));
        return RecordValue.From(members);
    }

    private static RecordedRequest? Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("entities", out var entities) || CedarJson.ParseEntities(Raw(entities)) is not EntitiesResult.Loaded loaded
            || !root.TryGetProperty("requests", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > MaxPrincipals)
        {
            return null;
        }

        var requests = new List<Request>();
        foreach (var item in list.EnumerateArray())
        {
            if (CedarJson.ParseRequest(Raw(item)) is not RequestResult.Parsed parsed)
            {
                return null;
            }

            requests.Add(parsed.Request);
        }

        KeyLimits? limits = null;
        if (root.TryGetProperty("limits", out var recorded)
            && (CedarJson.ParseValue(recorded) is not ValueResult.Parsed { Value: RecordValue record } || !LimitsRecord.TryRead(record, out limits)))
        {
            return null;
        }

        return new RecordedRequest(loaded.Entities, limits, [.. requests]);
    }

    private static ReadOnlyMemory<byte> Raw(JsonElement element) => JsonMarshal.GetRawUtf8Value(element).ToArray();
}
