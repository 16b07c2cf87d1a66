using System.Collections.Frozen;

namespace Proofgate.Cedar.Schemas;

/// <summary>Resolves the names of a schema and checks it as a whole. This part: declarations; the others: names and types, hierarchies.</summary>
internal sealed partial class SchemaResolver
{
    private const int LongestName = 200;
    private const int ShownOfCycle = 6;

    private static readonly FrozenSet<string> ReservedCommons =
        ["Bool", "Boolean", "Entity", "Extension", "Long", "Record", "Set", "String"];

    private readonly IReadOnlyList<NamespaceSyntax> _namespaces;
    private readonly string? _fileName;
    private readonly List<CedarError> _errors;
    private readonly TypeTable _table = new(null);

    private readonly Dictionary<string, Place> _entities = [];
    private readonly Dictionary<string, Place> _actionTypes = [];
    private readonly Dictionary<string, (NamespaceSyntax Namespace, CommonSyntax Syntax)> _commons = [];
    private readonly Dictionary<EntityUid, Place> _actionPlaces = [];
    private readonly Dictionary<string, CedarType> _commonTypes = [];

    private readonly Dictionary<string, EntityTypeModel> _entityModels = [];
    private readonly List<ActionModel> _actions = [];

    private SchemaResolver(IReadOnlyList<NamespaceSyntax> namespaces, string? fileName, List<CedarError> errors)
    {
        _namespaces = namespaces;
        _fileName = fileName;
        _errors = errors;
    }

    /// <summary>Null, and errors, if the schema is wrong.</summary>
    public static Schema? Resolve(IReadOnlyList<NamespaceSyntax> namespaces, string? fileName, List<CedarError> errors)
    {
        var resolver = new SchemaResolver(namespaces, fileName, errors);
        resolver.Register();
        resolver.CheckShadowing();
        if (errors.Count == 0)
            resolver.ResolveCommons();
        if (errors.Count == 0)
            resolver.ResolveDeclarations();
        return errors.Count == 0 ? resolver.Build() : null;
    }

    private Schema? Build()
    {
        CheckEnvironments();
        CloseEntityTypes();
        var entities = CloseActions();
        return _errors.Count == 0 ? new Schema(_table, _entityModels, _actions, entities!) : null;
    }

    private void Register()
    {
        foreach (var space in _namespaces)
        {
            if (HasReservedPart(space.Name))
                Add(space.Place, $"the namespace `{Short(space.Name)}` contains `__cedar`, which is reserved");

            foreach (var name in space.Entities.SelectMany(entity => entity.Names))
                RegisterEntity(space, name);
            foreach (var common in space.Commons)
                RegisterCommon(space, common);
            foreach (var name in space.Actions.SelectMany(action => action.Names))
            {
                var uid = new EntityUid(Qualify(space.Name, "Action"), name.Path);
                if (!_actionPlaces.TryAdd(uid, name.Place))
                    Add(name.Place, $"the action {Short(uid.ToString())} is declared twice", $"first at {_actionPlaces[uid]}");
                _actionTypes.TryAdd(uid.Type, name.Place);
            }
        }
    }

    private void RegisterEntity(NamespaceSyntax space, NameSyntax name)
    {
        var full = Qualify(space.Name, name.Path);
        if (name.Path == "Action")
            Add(name.Place, "`Action` cannot be declared as an entity type", "declare actions: action name appliesTo { ... };");
        else if (name.Path == "__cedar")
            Add(name.Place, "`__cedar` is reserved");
        else if (!_entities.TryAdd(full, name.Place))
            Add(name.Place, $"the entity type `{Short(full)}` is declared twice", $"first at {_entities[full]}");
    }

    private void RegisterCommon(NamespaceSyntax space, CommonSyntax common)
    {
        var full = Qualify(space.Name, common.Name.Path);
        if (ReservedCommons.Contains(common.Name.Path) || common.Name.Path == "__cedar")
            Add(common.Name.Place, $"`{common.Name.Path}` is reserved and cannot be the name of a common type");
        else if (!_commons.TryAdd(full, (space, common)))
            Add(common.Name.Place, $"the type `{Short(full)}` is declared twice", $"first at {_commons[full].Syntax.Name.Place}");
    }

    /// <summary>Cedar forbids that a namespace declares a name that is declared outside any namespace too.</summary>
    private void CheckShadowing()
    {
        foreach (var (name, place) in _entities.Concat(_commons.Select(common => KeyValuePair.Create(common.Key, common.Value.Syntax.Name.Place))))
        {
            var basename = BaseName(name);
            if (basename.Length < name.Length && Declared(basename) is { } other)
                Add(place, $"`{Short(name)}` hides `{Short(basename)}`, which is declared outside any namespace", $"that one is at {other}; rename one of them");
        }

        foreach (var (uid, place) in _actionPlaces)
        {
            if (uid.Type != "Action" && _actionPlaces.TryGetValue(new EntityUid("Action", uid.Id), out var other))
                Add(place, $"{Short(uid.ToString())} hides an action of that name outside any namespace", $"that one is at {other}; rename one of them");
        }
    }

    private Place? Declared(string name) => _entities.TryGetValue(name, out var place) ? place
        : _commons.TryGetValue(name, out var common) ? common.Syntax.Name.Place
        : null;

    private void ResolveDeclarations()
    {
        foreach (var space in _namespaces)
        {
            foreach (var entity in space.Entities)
                ResolveEntity(space.Name, entity);
            foreach (var action in space.Actions)
                ResolveAction(space.Name, action);
        }
    }

    private void ResolveEntity(string space, EntitySyntax syntax)
    {
        var parents = ResolveEntityTypes(space, syntax.Parents);
        var attributes = syntax.Shape is null ? CedarType.EmptyRecord : RecordOf(space, syntax.Shape, "the shape of an entity type");
        var tags = syntax.Tags is null ? null : Resolve(space, syntax.Tags);
        var ids = syntax.Ids?.ToFrozenSet();
        foreach (var name in syntax.Names)
        {
            var full = Qualify(space, name.Path);
            _entityModels.TryAdd(full, new EntityTypeModel
            {
                Name = full,
                Type = _table.Entity(full),
                Attributes = attributes,
                Tags = tags,
                Ids = ids,
                Parents = parents,
            });
        }
    }

    private void ResolveAction(string space, ActionSyntax syntax)
    {
        var principals = ResolveEntityTypes(space, syntax.Principals);
        var resources = ResolveEntityTypes(space, syntax.Resources);
        var context = syntax.Context is null ? CedarType.EmptyRecord : RecordOf(space, syntax.Context, "the context of an action");
        var parents = syntax.Parents.Select(parent => ResolveAction(space, parent)).OfType<EntityUid>().Distinct().ToArray();
        foreach (var name in syntax.Names)
        {
            _actions.Add(new ActionModel
            {
                Uid = new EntityUid(Qualify(space, "Action"), name.Path),
                Principals = principals,
                Resources = resources,
                Context = context,
                Parents = parents,
            });
        }
    }

    private CedarType.Record RecordOf(string space, TypeSyntax syntax, string what)
    {
        var type = Resolve(space, syntax);
        if (type is CedarType.Record record)
            return record;

        if (type != CedarType.Never)
            Add(syntax.Place, $"{what} must be a record, not {type}");
        return CedarType.EmptyRecord;
    }

    /// <summary>Bounds how often each policy is checked.</summary>
    private void CheckEnvironments()
    {
        var environments = _actions.Sum(action => (long)action.Principals.Count * action.Resources.Count);
        if (environments > CedarLimits.RequestEnvironments)
        {
            _errors.Add(new CedarError($"actions apply to {environments} combinations of principal and resource types, more than {CedarLimits.RequestEnvironments}")
            {
                FileName = _fileName,
                Hint = "let actions apply to fewer types",
            });
        }
    }

    private void Add(Place place, string message, string? hint = null)
    {
        if (_errors.Count < CedarLimits.Errors)
            _errors.Add(new CedarError(message) { FileName = _fileName, Position = place.Position, Path = place.Path, Hint = hint });
    }

    private static bool HasReservedPart(string path) => path.Split("::").Contains("__cedar");

    private static string Qualify(string space, string name) => space.Length == 0 ? name : $"{space}::{name}";

    private static string BaseName(string name) => name.LastIndexOf(':') is >= 0 and var at ? name[(at + 1)..] : name;

    private static string Short(string name) => name.Length > LongestName ? name[..LongestName] + "..." : name;

    private static string Sequence(IEnumerable<string> names)
    {
        var shown = names.Take(ShownOfCycle + 1).Select(name => $"`{Short(name)}`").ToList();
        if (shown.Count > ShownOfCycle)
            shown[^1] = "...";
        return string.Join(" needs ", shown.Append(shown[0]));
    }
}
