using System.Text;
using Proofgate.Cedar.Json;
using Proofgate.Cedar.Schemas;
using Proofgate.Cedar.Validation;

namespace Proofgate.Cedar;

/// <summary>Which entity types, attributes and actions there are. Immutable and safe to share between threads.</summary>
public sealed class Schema
{
    private readonly Dictionary<string, EntityTypeModel> _entityTypes;
    private readonly Dictionary<EntityUid, ActionModel> _actions;
    private readonly HashSet<(string Descendant, string Ancestor)> _actionTypesIn = [];

    internal Schema(TypeTable types, Dictionary<string, EntityTypeModel> entityTypes, IReadOnlyList<ActionModel> actions, Entities actionEntities)
    {
        Types = types;
        _entityTypes = entityTypes;
        _actions = actions.ToDictionary(action => action.Uid);
        ActionModels = actions;
        ActionEntities = actionEntities;
        foreach (var action in actions)
        {
            foreach (var descendant in action.Descendants)
                _actionTypesIn.Add((descendant.Type, action.Uid.Type));
        }
    }

    /// <summary>Names of all entity types but those of actions.</summary>
    public IReadOnlyCollection<string> EntityTypes => _entityTypes.Keys;

    /// <summary>All actions, groups included.</summary>
    public IReadOnlyCollection<EntityUid> Actions => _actions.Keys;

    /// <summary>The actions as entities, each in its groups: policies with <c>action in ...</c> need them.</summary>
    public Entities ActionEntities { get; }

    /// <summary>In the order of the schema.</summary>
    internal IReadOnlyList<ActionModel> ActionModels { get; }

    internal TypeTable Types { get; }

    internal IReadOnlyCollection<EntityTypeModel> EntityTypeModels => _entityTypes.Values;

    /// <summary>Reads Cedar's schema syntax.</summary>
    /// <param name="text">At most <see cref="CedarLimits.SchemaLength"/> characters.</param>
    /// <param name="fileName">For errors.</param>
    /// <param name="addition">Declarations that are generated: of the same namespaces or of others, in the same syntax. What both declare is an error.</param>
    public static SchemaResult Parse(string text, string? fileName = null, string addition = "")
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(addition);
        var errors = new List<CedarError>();
        foreach (var part in (ReadOnlySpan<string>)[text, addition])
        {
            if (part.Length > CedarLimits.SchemaLength)
            {
                errors.Add(TooLong(part.Length, "characters", fileName));
                return new SchemaResult.Failed(errors);
            }
        }

        var namespaces = SchemaParser.Parse(text, fileName, errors);
        if (addition.Length > 0)
            namespaces = [.. namespaces, .. SchemaParser.Parse(addition, fileName, errors)];
        return errors.Count > 0 ? new SchemaResult.Failed(errors) : Resolve(namespaces, fileName);
    }

    /// <summary>Reads the JSON form.</summary>
    /// <param name="utf8">At most <see cref="CedarLimits.SchemaLength"/> bytes.</param>
    /// <param name="fileName">For errors.</param>
    public static SchemaResult ParseJson(ReadOnlyMemory<byte> utf8, string? fileName = null)
    {
        if (utf8.Length > CedarLimits.SchemaLength)
            return new SchemaResult.Failed([TooLong(utf8.Length, "bytes", fileName)]);

        var (namespaces, error) = JsonReader.Read(utf8, fileName, (reader, root) => new SchemaJsonReader(reader).Document(root));
        return namespaces is null ? new SchemaResult.Failed([error!]) : Resolve(namespaces, fileName);
    }

    /// <inheritdoc cref="ParseJson(ReadOnlyMemory{byte}, string?)"/>
    public static SchemaResult ParseJson(string json, string? fileName = null) => ParseJson(Encoding.UTF8.GetBytes(json), fileName);

    /// <summary>Checks policies and templates: types, names, and whether they can ever apply.</summary>
    public ValidationReport Validate(PolicySet policies, ValidationMode mode = ValidationMode.Strict) => new PolicySetValidator(this, mode).Validate(policies);

    /// <summary>What is wrong with entities, at most <see cref="CedarLimits.Errors"/>; the path of an error starts with the entity.</summary>
    public IReadOnlyList<CedarError> Check(Entities entities)
    {
        var errors = new List<CedarError>();
        foreach (var entity in entities.All)
        {
            if (errors.Count >= CedarLimits.Errors)
                break;
            errors.AddRange(Check(entity, entities).Take(CedarLimits.Errors - errors.Count));
        }

        return errors;
    }

    /// <summary>What is wrong with one entity, whose ancestors are looked up in <paramref name="entities"/>.</summary>
    public IReadOnlyList<CedarError> Check(Entity entity, Entities entities)
    {
        var checker = new ConformanceChecker(this);
        checker.Entity(entity, entities);
        return checker.Errors;
    }

    /// <summary>What is wrong with a request: the types that the action applies to, and the context.</summary>
    public IReadOnlyList<CedarError> Check(Request request)
    {
        var checker = new ConformanceChecker(this);
        checker.Request(request);
        return checker.Errors;
    }

    /// <summary>
    /// For an attribute of an action's context that is a record: reads it from JSON of others. Null: there is no such record, or something in it has a type that such JSON cannot
    /// be read as.
    /// </summary>
    public PlainRecordReader? PlainReaderOf(EntityUid action, string attribute) =>
        Action(action)?.Context.Find(attribute)?.Type is CedarType.Record type && PlainRecordReader.CanRead(type) ? new PlainRecordReader(type) : null;

    internal static bool IsActionType(string type) => type == "Action" || type.EndsWith("::Action", StringComparison.Ordinal);

    /// <summary>Whether some action of one type is in some action of the other.</summary>
    internal bool HasActionIn(string descendant, string ancestor) => _actionTypesIn.Contains((descendant, ancestor));

    internal EntityTypeModel? EntityType(string name) => _entityTypes.GetValueOrDefault(name);

    internal ActionModel? Action(EntityUid uid) => _actions.GetValueOrDefault(uid);

    private static SchemaResult Resolve(IReadOnlyList<NamespaceSyntax> namespaces, string? fileName)
    {
        var errors = new List<CedarError>();
        return SchemaResolver.Resolve(namespaces, fileName, errors) is { } schema
            ? new SchemaResult.Parsed(schema)
            : new SchemaResult.Failed(errors);
    }

    private static CedarError TooLong(int length, string unit, string? fileName) =>
        new($"the schema has {length} {unit}, more than {CedarLimits.SchemaLength}") { FileName = fileName };
}
