using Proofgate.Cedar.Schemas;
using Proofgate.Cedar.Syntax;

namespace Proofgate.Cedar.Validation;

/// <summary>Checks entities and requests against a schema. The work is that of the values: a type is walked no deeper than they are.
/// Messages name attributes and types but no values of attributes.</summary>
internal sealed class ConformanceChecker(Schema schema)
{
    private const int Shown = 8;
    private const int LongestPath = 300;

    private readonly List<CedarError> _errors = [];
    private readonly List<string> _path = [];

    public IReadOnlyList<CedarError> Errors => _errors;

    public void Entity(Entity entity, Entities entities)
    {
        _path.Add(entity.Uid.ToString());
        if (Schema.IsActionType(entity.Uid.Type))
            ActionEntity(entity, entities);
        else if (schema.EntityType(entity.Uid.Type) is not { } type)
            Add($"the schema has no entity type `{entity.Uid.Type}`", Nearest.Hint(entity.Uid.Type, schema.EntityTypes));
        else
            Entity(entity, type, entities);
        _path.RemoveAt(_path.Count - 1);
    }

    public void Request(Request request)
    {
        var action = schema.Action(request.Action);
        if (action is null)
            In("action", () => Add($"the schema has no action {request.Action}", Nearest.Hint(request.Action.Id, schema.Actions.Select(uid => uid.Id))));

        In("principal", () => Participant(request.Principal, action?.Principals, request.Action));
        In("resource", () => Participant(request.Resource, action?.Resources, request.Action));
        if (action is not null)
            In("context", () => Record(request.Context, action.Context));
    }

    private void Participant(EntityUid uid, IReadOnlyList<string>? applicable, EntityUid action)
    {
        if (schema.EntityType(uid.Type) is null)
        {
            Add($"the schema has no entity type `{uid.Type}`", Nearest.Hint(uid.Type, schema.EntityTypes));
            return;
        }

        Uid(uid);
        if (applicable?.Contains(uid.Type) == false)
        {
            Add($"{action} does not apply to `{uid.Type}` here",
                applicable.Count == 0 ? "it applies to nothing, it is a mere group" : $"it applies to {string.Join(", ", applicable.Take(Shown))}");
        }
    }

    private void ActionEntity(Entity entity, Entities entities)
    {
        if (schema.Action(entity.Uid) is null)
            Add("the schema has no such action", Nearest.Hint(entity.Uid.Id, schema.Actions.Select(uid => uid.Id)));
        else if (entity.Attributes.Count > 0 || entity.Tags.Count > 0)
            Add("an action has no attributes and no tags");
        else if (!schema.ActionEntities.Ancestors(entity.Uid).ToHashSet().SetEquals(entities.Ancestors(entity.Uid)))
            Add("the action is in other groups than the schema says", "leave the action out: the schema has it");
    }

    private void Entity(Entity entity, EntityTypeModel type, Entities entities)
    {
        Uid(entity.Uid);
        In("attrs", () => Record(entity.Attributes, type.Attributes));
        In("parents", () =>
        {
            foreach (var ancestor in entities.Ancestors(entity.Uid))
            {
                Uid(ancestor);
                if (schema.EntityType(ancestor.Type)?.Descendants.Contains(type.Name) != true)
                    Add($"a `{type.Name}` cannot be in a `{ancestor.Type}`", ParentHint(type));
            }
        });
        In("tags", () => Tags(entity.Tags, type.Tags));
    }

    private static string ParentHint(EntityTypeModel type) => type.Parents.Count == 0
        ? "the schema has it in nothing"
        : $"the schema has it in {string.Join(", ", type.Parents.Take(Shown))}";

    private void Tags(RecordValue tags, CedarType? type)
    {
        if (tags.Count > 0 && type is null)
        {
            Add("entities of this type have no tags");
            return;
        }

        for (var i = 0; i < tags.Count; i++)
        {
            var (name, value) = (tags.Names[i], tags.Values[i]);
            In(name, () => Value(value, type!));
        }
    }

    private void Value(Value value, CedarType type)
    {
        switch (type)
        {
            case CedarType.Record record when value is RecordValue fields:
                Record(fields, record);
                break;
            case CedarType.Set set when value is SetValue items:
                foreach (var item in items.AsSpan())
                    Value(item, set.Element);
                break;
            case CedarType.Entity entity when value is EntityValue { Uid: var uid } && entity.Contains(uid.Type):
                Uid(uid);
                break;
            case CedarType.Simple when IsOf(value, type):
                break;
            default:
                Add($"expected {type}, found {(value is EntityValue other ? other.Uid.Type : value.Kind)}");
                break;
        }
    }

    private static bool IsOf(Value value, CedarType type) => value switch
    {
        BoolValue => type == CedarType.Bool,
        LongValue => type == CedarType.Long,
        StringValue => type == CedarType.String,
        DecimalValue => type == CedarType.Decimal,
        IpValue => type == CedarType.Ip,
        DatetimeValue => type == CedarType.Datetime,
        DurationValue => type == CedarType.Duration,
        _ => false,
    };

    private void Record(RecordValue value, CedarType.Record type)
    {
        for (var i = 0; i < type.Names.Length; i++)
        {
            if (type.Attributes[i].IsRequired && !value.Has(type.Names[i]))
                Add($"the attribute {StringLiteral.Quote(type.Names[i])} is missing");
        }

        for (var i = 0; i < value.Count && !IsFull; i++)
        {
            var (name, item) = (value.Names[i], value.Values[i]);
            if (type.Find(name) is { } attribute)
                In(name, () => Value(item, attribute.Type));
            else
                Add($"the schema has no attribute {StringLiteral.Quote(name)} here", Nearest.Hint(name, type.Names));
        }
    }

    /// <summary>An enumeration has its ids, and actions are those of the schema.</summary>
    private void Uid(EntityUid uid)
    {
        if (Schema.IsActionType(uid.Type))
        {
            if (schema.Action(uid) is null)
                Add($"the schema has no action {uid}", Nearest.Hint(uid.Id, schema.Actions.Select(action => action.Id)));
        }
        else if (schema.EntityType(uid.Type)?.Ids is { } ids && !ids.Contains(uid.Id))
        {
            Add($"{uid} is none of the entities that `{uid.Type}` has", Nearest.Hint(uid.Id, ids));
        }
    }

    private bool IsFull => _errors.Count >= CedarLimits.Errors;

    private void In(string name, Action check)
    {
        if (IsFull)
            return;

        _path.Add(name);
        check();
        _path.RemoveAt(_path.Count - 1);
    }

    private void Add(string message, string? hint = null)
    {
        if (IsFull)
            return;

        var path = string.Join(".", _path);
        _errors.Add(new CedarError(message) { Path = path.Length > LongestPath ? path[..LongestPath] + "..." : path, Hint = hint });
    }
}
