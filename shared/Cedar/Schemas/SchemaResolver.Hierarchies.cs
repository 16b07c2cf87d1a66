namespace Proofgate.Cedar.Schemas;

internal sealed partial class SchemaResolver
{
    /// <summary>Tells each entity type which others can be below it. Types, unlike entities, may be in a cycle.</summary>
    private void CloseEntityTypes()
    {
        var steps = 0;
        var open = new Stack<string>();
        var seen = new HashSet<string>();
        foreach (var model in _entityModels.Values)
        {
            seen.Clear();
            open.Push(model.Name);
            while (open.TryPop(out var at))
            {
                foreach (var parent in _entityModels[at].Parents)
                {
                    if (++steps > CedarLimits.HierarchySteps)
                    {
                        Add(_entities[model.Name], "the hierarchy of entity types is too large", "let types be in fewer others");
                        return;
                    }

                    if (!seen.Add(parent))
                        continue;

                    _entityModels[parent].Descendants.Add(model.Name);
                    open.Push(parent);
                }
            }
        }
    }

    /// <summary>The actions as entities, or null and an error.</summary>
    private Entities? CloseActions()
    {
        var index = new Dictionary<EntityUid, int>(_actions.Count);
        foreach (var action in _actions)
            index.Add(action.Uid, index.Count);

        var groups = _actions.ConvertAll(action => action.Parents.Count > 0);
        var edges = _actions.Sum(action => (long)action.Parents.Count);
        if (edges > CedarLimits.HierarchySteps)
        {
            Add(_actionPlaces[_actions[groups.IndexOf(true)].Uid], "the hierarchy of actions is too large", "put actions into fewer groups");
            return null;
        }

        var needs = _actions.Select(action => (IReadOnlyList<int>)[.. action.Parents.Select(parent => index[parent])]).ToArray();
        if (DependencyOrder.Of(needs, out var cycle) is null)
        {
            var first = _actions[cycle[0]].Uid;
            Add(_actionPlaces[first], $"the action {Short(first.ToString())} is in itself", Sequence(cycle.Select(i => _actions[i].Uid.ToString())).Replace(" needs ", " is in ", StringComparison.Ordinal));
            return null;
        }

        switch (Entities.Load(_actions.Select(action => new Entity(action.Uid) { Parents = action.Parents })))
        {
            case EntitiesResult.Loaded { Entities: var entities }:
                foreach (var action in _actions)
                {
                    foreach (var ancestor in entities.Ancestors(action.Uid))
                        _actions[index[ancestor]].Descendants.Add(action.Uid);
                }

                return entities;
            case EntitiesResult.Failed { Errors: var errors }:
                _errors.AddRange(errors.Select(error => error with { FileName = _fileName }));
                break;
        }

        return null;
    }
}
