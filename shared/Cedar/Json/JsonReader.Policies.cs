using System.Text.Json;
using Proofgate.Cedar.Scopes;
using Proofgate.Cedar.Syntax;

namespace Proofgate.Cedar.Json;

internal sealed partial class JsonReader
{
    /// <summary>As <see cref="Read{T}(ReadOnlyMemory{byte}, string?, Func{JsonReader, JsonElement, T})"/>, with the depth that policies need.</summary>
    public static (T? Result, CedarError? Error) ReadPolicies<T>(ReadOnlyMemory<byte> utf8, string? fileName, Func<JsonReader, JsonElement, T> read)
        where T : class => utf8.Length > CedarLimits.JsonLength || HasBoundedWork(utf8.Span)
            ? Read(utf8, fileName, CedarLimits.PolicyJsonDepth, read)
            : (null, new CedarError("the document is too large for how deep it is nested") { FileName = fileName, Hint = "split it into several documents" });

    /// <summary>Whether the platform's parser can read it in good time: at each end of an object or array it looks through all of its contents.
    /// What is no JSON is left to that parser.</summary>
    private static bool HasBoundedWork(ReadOnlySpan<byte> utf8)
    {
        var tokens = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = CedarLimits.PolicyJsonDepth });
        var work = 0L;
        try
        {
            while (work <= CedarLimits.PolicyJsonWork && tokens.Read())
                work += tokens.CurrentDepth;
        }
        catch (JsonException)
        {
            return work <= CedarLimits.PolicyJsonWork;
        }

        return work <= CedarLimits.PolicyJsonWork;
    }

    /// <summary>Policies, templates, and a policy for each link.</summary>
    public List<Policy> PolicySet(JsonElement element, string? fileName)
    {
        Fields(element, "policy set", "staticPolicies?", "templates?", "templateLinks?");
        var policies = new List<Policy>();
        var seen = new HashSet<string>();
        if (element.TryGetProperty("staticPolicies", out var fixedOnes))
            In("staticPolicies", fixedOnes, map => Named(map, isTemplate: false));
        if (element.TryGetProperty("templates", out var templates))
            In("templates", templates, map => Named(map, isTemplate: true));
        if (element.TryGetProperty("templateLinks", out var links))
            In("templateLinks", links, Links);
        return policies;

        int Named(JsonElement map, bool isTemplate)
        {
            if (map.ValueKind != JsonValueKind.Object)
                throw Fault($"expected an object, from id to policy, found {Describe(map)}");

            foreach (var property in map.EnumerateObject())
            {
                var id = property.Name;
                Add(In(id, property.Value, policy => Fitting(Policy(policy, id, fileName), isTemplate)));
            }

            return policies.Count;
        }

        int Links(JsonElement array)
        {
            if (array.ValueKind != JsonValueKind.Array)
                throw Fault($"expected an array of links, found {Describe(array)}");

            var byId = policies.Where(policy => policy.IsTemplate).ToDictionary(policy => policy.Id);
            var index = 0;
            foreach (var item in array.EnumerateArray())
            {
                In(index++, item, element =>
                {
                    var link = Link(element);
                    Add(Cedar.PolicySet.TryLink(link, byId.GetValueOrDefault(link.TemplateId), out var error) ?? throw Fault(error!));
                    return link;
                });
            }

            return index;
        }

        void Add(Policy policy)
        {
            if (policies.Count == CedarLimits.Policies)
                throw Fault($"there are more than {CedarLimits.Policies} policies");
            if (!seen.Add(policy.Id))
                throw Fault($"the policy id {StringLiteral.Quote(policy.Id)} occurs twice");
            policies.Add(policy);
        }
    }

    public Policy Policy(JsonElement element, string id, string? fileName)
    {
        Fields(element, "policy", "effect", "principal", "action", "resource", "conditions", "annotations?");
        return new Policy(
            Field(element, "principal", constraint => Scope(constraint, "?principal")),
            Field(element, "action", ActionScope),
            Field(element, "resource", constraint => Scope(constraint, "?resource")),
            Field(element, "conditions", Conditions))
        {
            Id = id,
            Effect = Field(element, "effect", ReadEffect),
            Annotations = element.TryGetProperty("annotations", out var annotations) ? In("annotations", annotations, Annotations) : new Dictionary<string, string>(),
            Position = SourcePosition.Start,
            FileName = fileName,
            Source = element.GetRawText(),
        };
    }

    private Policy Fitting(Policy policy, bool isTemplate) => policy.IsTemplate == isTemplate
        ? policy
        : throw Fault(isTemplate ? "the template has no slot" : "the policy has a slot", isTemplate ? "it belongs in `staticPolicies`" : "it belongs in `templates`");

    private TemplateLink Link(JsonElement element)
    {
        Fields(element, "link", "templateId", "newId", "values");
        var (principal, resource) = (default(EntityUid?), default(EntityUid?));
        Field(element, "values", values =>
        {
            Fields(values, "values of the slots", "?principal?", "?resource?");
            if (values.TryGetProperty("?principal", out var forPrincipal))
                principal = In("?principal", forPrincipal, Uid);
            if (values.TryGetProperty("?resource", out var forResource))
                resource = In("?resource", forResource, Uid);
            return true;
        });
        return new TemplateLink(Field(element, "templateId", Text), Field(element, "newId", Text)) { Principal = principal, Resource = resource };
    }

    private Effect ReadEffect(JsonElement element) => Text(element) switch
    {
        "permit" => Effect.Permit,
        "forbid" => Effect.Forbid,
        _ => throw Fault("the effect is neither \"permit\" nor \"forbid\""),
    };

    private Dictionary<string, string> Annotations(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Fault($"expected an object, from name to value, found {Describe(element)}");

        var annotations = new Dictionary<string, string>();
        foreach (var property in element.EnumerateObject())
        {
            var name = property.Name;
            if (!Names.IsIdentifier(name))
                throw Fault("the name of an annotation is not an identifier");

            // Null is how Cedar writes an annotation without a value.
            var value = In(name, property.Value, item => item.ValueKind == JsonValueKind.Null ? "" : Text(item));
            if (!annotations.TryAdd(name, value))
                throw Fault("the object has a name twice");
        }

        return annotations;
    }

    private ScopeConstraint Scope(JsonElement element, string slot)
    {
        switch (Operator(element))
        {
            case "All":
                Fields(element, "constraint", "op");
                return ScopeConstraint.Any;
            case "==":
                return ScopeConstraint.Equal(EntityOrSlot(element, slot, "op"));
            case "in":
                return ScopeConstraint.In(EntityOrSlot(element, slot, "op"));
            case "is":
                Fields(element, "constraint", "op", "entity_type", "in?");
                var type = Field(element, "entity_type", TypeName);
                return element.TryGetProperty("in", out var within) && within.ValueKind != JsonValueKind.Null
                    ? ScopeConstraint.IsIn(type, In("in", within, inner => EntityOrSlot(inner, slot)))
                    : ScopeConstraint.Is(type);
            default:
                throw Fault("there is no such operator in a scope", "operators are All, ==, in and is");
        }
    }

    private ScopeConstraint ActionScope(JsonElement element)
    {
        switch (Operator(element))
        {
            case "All":
                Fields(element, "constraint", "op");
                return ScopeConstraint.Any;
            case "==":
                Fields(element, "constraint", "op", "entity");
                return ScopeConstraint.Equal(Field(element, "entity", ActionUid));
            case "in" when element.TryGetProperty("entities", out _):
                Fields(element, "constraint", "op", "entities");
                return ScopeConstraint.InAny(Field(element, "entities", array => Items(array, "actions", ActionUid)));
            case "in":
                Fields(element, "constraint", "op", "entity");
                return ScopeConstraint.InAny([Field(element, "entity", ActionUid)]);
            default:
                throw Fault("there is no such operator for the action", "operators are All, == and in");
        }
    }

    private string Operator(JsonElement element) => element.ValueKind == JsonValueKind.Object
        ? Field(element, "op", Text)
        : throw Fault($"expected a constraint, an object, found {Describe(element)}");

    /// <returns>Null for the slot.</returns>
    private EntityUid? EntityOrSlot(JsonElement element, string slot, params ReadOnlySpan<string> others)
    {
        var isSlot = element.ValueKind == JsonValueKind.Object && element.TryGetProperty("slot", out _);
        Fields(element, "constraint", [.. others, isSlot ? "slot" : "entity"]);
        if (!isSlot)
            return Field(element, "entity", Uid);
        if (Field(element, "slot", Text) != slot)
            throw Fault($"the slot here must be {slot}");
        return null;
    }

    private EntityUid ActionUid(JsonElement element)
    {
        var uid = Uid(element);
        return Parser.IsActionType(uid.Type)
            ? uid
            : throw Fault("this is not a type of actions", "the type of an action is `Action`, with or without a namespace");
    }

    private string TypeName(JsonElement element)
    {
        var type = Text(element);
        return EntityUid.IsValidType(type) ? type : throw Fault("the type is not a path of identifiers such as Proofgate::User");
    }

    private Condition[] Conditions(JsonElement element) => Items(element, "conditions", condition =>
    {
        Fields(condition, "condition", "kind", "body");
        var isUnless = Field(condition, "kind", kind => Text(kind) switch
        {
            "when" => false,
            "unless" => true,
            _ => throw Fault("the kind is neither \"when\" nor \"unless\""),
        });
        return new Condition(isUnless, Field(condition, "body", Expression));
    });

    private T[] Items<T>(JsonElement element, string what, Func<JsonElement, T> read)
    {
        if (element.ValueKind != JsonValueKind.Array)
            throw Fault($"expected an array of {what}, found {Describe(element)}");

        var items = new T[element.GetArrayLength()];
        var index = 0;
        foreach (var item in element.EnumerateArray())
        {
            items[index] = In(index, item, read);
            index++;
        }

        return items;
    }
}
