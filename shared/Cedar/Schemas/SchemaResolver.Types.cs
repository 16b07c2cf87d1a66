using Proofgate.Cedar.Syntax;

namespace Proofgate.Cedar.Schemas;

internal sealed partial class SchemaResolver
{
    private const string Builtin = "__cedar::";

    private static readonly string[] Builtins = ["Bool", "Long", "String", "decimal", "ipaddr", "datetime", "duration"];

    /// <summary>What each common type needs first, so that none is resolved twice and no chain of them is walked by recursion.</summary>
    private void ResolveCommons()
    {
        var names = _commons.Keys.ToArray();
        var index = names.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i);
        var needs = new IReadOnlyList<int>[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            var found = new HashSet<int>();
            Collect(_commons[names[i]].Namespace.Name, _commons[names[i]].Syntax.Type, index, found);
            needs[i] = [.. found];
        }

        if (DependencyOrder.Of(needs, out var cycle) is not { } order)
        {
            var first = _commons[names[cycle[0]]].Syntax.Name.Place;
            Add(first, $"the type `{Short(names[cycle[0]])}` is part of itself", Sequence(cycle.Select(i => names[i])));
            return;
        }

        foreach (var i in order)
        {
            var (space, syntax) = _commons[names[i]];
            _commonTypes.Add(names[i], Resolve(space.Name, syntax.Type));
        }
    }

    private void Collect(string space, TypeSyntax syntax, Dictionary<string, int> index, HashSet<int> found)
    {
        switch (syntax)
        {
            case TypeSyntax.Set set:
                Collect(space, set.Element, index, found);
                break;
            case TypeSyntax.Record record:
                foreach (var attribute in record.Attributes)
                    Collect(space, attribute.Type, index, found);
                break;
            case TypeSyntax.Named named:
                if (Find(space, named.Path, named.Kind) is { IsEntity: false, Name: var name } && index.TryGetValue(name, out var need))
                    found.Add(need);
                break;
        }
    }

    /// <summary><see cref="CedarType.Never"/>, after an error, for what cannot be resolved.</summary>
    private CedarType Resolve(string space, TypeSyntax syntax)
    {
        var type = syntax switch
        {
            TypeSyntax.Known known => known.Type,
            TypeSyntax.Named named => ResolveName(space, named),
            TypeSyntax.Set set => _table.Set(Resolve(space, set.Element)),
            TypeSyntax.Record record => _table.Record(
                [.. record.Attributes.Select(attribute => attribute.Name)],
                [.. record.Attributes.Select(attribute => new AttributeType(Resolve(space, attribute.Type), attribute.IsRequired))],
                isOpen: false),
            _ => throw new InvalidOperationException("A type is written in four ways."),
        };
        if (type.Depth <= CedarLimits.TypeDepth)
            return type;

        Add(syntax.Place, $"the type is nested more than {CedarLimits.TypeDepth} levels deep, its common types written out");
        return CedarType.Never;
    }

    private CedarType ResolveName(string space, TypeSyntax.Named named)
    {
        switch (Find(space, named.Path, named.Kind))
        {
            case { IsEntity: true, Name: var entity }:
                return _table.Entity(entity);
            case { Name: var common }:
                return _commonTypes.TryGetValue(common, out var type) ? type : BuiltinType(common[Builtin.Length..])!;
            default:
                AddUnknown(space, named.Path, named.Place, named.Kind);
                return CedarType.Never;
        }
    }

    private static string Wanted(NameKind kind) => kind switch
    {
        NameKind.Common => "common type",
        NameKind.Entity => "entity type",
        _ => "type",
    };

    /// <summary>A name without a namespace is looked up in its own namespace, then outside any. What the language has comes last.</summary>
    private (bool IsEntity, string Name)? Find(string space, string path, NameKind kind)
    {
        if (space.Length > 0 && !path.Contains(':') && FindExact(Qualify(space, path), kind) is { } inner)
            return inner;
        if (FindExact(path, kind) is { } outer)
            return outer;
        if (kind == NameKind.Entity || _entities.ContainsKey(path))
            return null;

        var builtin = path.StartsWith(Builtin, StringComparison.Ordinal) ? path[Builtin.Length..] : path;
        return BuiltinType(builtin) is null ? null : (false, Builtin + builtin);
    }

    private (bool IsEntity, string Name)? FindExact(string name, NameKind kind)
    {
        if (kind != NameKind.Entity && _commons.ContainsKey(name))
            return (false, name);
        return kind != NameKind.Common && (_entities.ContainsKey(name) || _actionTypes.ContainsKey(name)) ? (true, name) : null;
    }

    private static CedarType? BuiltinType(string name) => name switch
    {
        "Bool" => CedarType.Bool,
        "Long" => CedarType.Long,
        "String" => CedarType.String,
        _ => CedarType.Extension(name),
    };

    /// <summary>The types in the order of the list, each once. Action types are none.</summary>
    private string[] ResolveEntityTypes(string space, IReadOnlyList<NameSyntax> names)
    {
        var types = new List<string>(names.Count);
        foreach (var name in names)
        {
            if (Find(space, name.Path, NameKind.Entity) is { Name: var found } && _entities.ContainsKey(found))
                types.Add(found);
            else
                AddUnknown(space, name.Path, name.Place, NameKind.Entity);
        }

        return [.. types.Distinct()];
    }

    private EntityUid? ResolveAction(string space, ActionParentSyntax parent)
    {
        var type = parent.Type ?? "Action";
        var inner = new EntityUid(type.Contains(':') ? type : Qualify(space, type), parent.Id);
        if (_actionPlaces.ContainsKey(inner))
            return inner;

        var outer = new EntityUid(type, parent.Id);
        if (_actionPlaces.ContainsKey(outer))
            return outer;

        if (_errors.Count < CedarLimits.Errors)
            Add(parent.Place, $"there is no action {Short(inner.ToString())}", Nearest.Hint(parent.Id, _actionPlaces.Keys.Select(uid => uid.Id)));
        return null;
    }

    // Looking for a near name costs time, and a schema may have a million wrong ones.
    private void AddUnknown(string space, string path, Place place, NameKind kind)
    {
        if (_errors.Count < CedarLimits.Errors)
            Add(place, $"there is no {Wanted(kind)} `{Short(path)}`", NameHint(space, path, kind));
    }

    private string? NameHint(string space, string path, NameKind kind)
    {
        if (kind == NameKind.Entity && Find(space, path, NameKind.Common) is not null)
            return $"`{Short(path)}` is a common type, and an entity type is needed here";
        if (kind == NameKind.Common && Find(space, path, NameKind.Entity) is not null)
            return $"`{Short(path)}` is an entity type, and a common type is needed here";
        if (path is "Boolean" or "Int" or "Integer" or "Number" or "Date" or "IPAddr")
            return $"the language's own types are {string.Join(", ", Builtins)}";

        var known = kind switch
        {
            NameKind.Common => _commons.Keys,
            NameKind.Entity => _entities.Keys,
            _ => _entities.Keys.Concat(_commons.Keys).Concat(Builtins),
        };
        var inner = space.Length == 0 ? known : known.Concat(known.Where(name => name.StartsWith(space, StringComparison.Ordinal)).Select(BaseName));
        return known.FirstOrDefault(name => BaseName(name) == BaseName(path)) is { } elsewhere
            ? $"there is `{Short(elsewhere)}`"
            : Nearest.Hint(path, inner);
    }
}
