namespace Proofgate.Cedar.Schemas;

internal sealed partial class SchemaResolver
{
    /// <summary>Tells each entity type which others can be below it. Types, unlike entities, may be in a cycle.</summary>
    private void CloseEntityTypes()
    {
        var models = _entityModels.Values.ToArray();
        var index = new Dictionary<string, int>(models.Length);
        foreach (var model in models)
            index.Add(model.Name, index.Count);

        // Types that were declared together have one list of parents.
        var lists = models.Select(model => model.Parents).Distinct().ToDictionary(list => list, list => list.Select(parent => index[parent]).ToArray());
        var parents = Array.ConvertAll(models, model => lists[model.Parents]);
        var seenFor = new int[models.Length];
        var open = new Stack<int>();
        var steps = 0;
        for (var i = 0; i < models.Length; i++)
        {
            open.Push(i);
            while (open.TryPop(out var at))
            {
                foreach (var parent in parents[at])
                {
                    if (++steps > CedarLimits.HierarchySteps)
                    {
                        Add(_entities[models[i].Name], "the hierarchy of entity types is too large", "let types be in fewer others");
                        return;
                    }

                    if (seenFor[parent] == i + 1)
                        continue;

                    seenFor[parent] = i + 1;
                    models[parent].Descendants.Add(models[i].Name);
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
