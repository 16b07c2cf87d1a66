namespace Proofgate.Cedar.Scopes;

/// <summary>Finds the policies whose constraint on one of principal, action and resource holds. Exact: nothing is left to check.
/// One bit a policy; three indexes together give the candidates.</summary>
internal sealed class ScopeIndex
{
    private readonly ulong[] _any;
    private readonly Dictionary<EntityUid, Posting> _equal;
    private readonly Dictionary<string, Posting> _is;
    private readonly Dictionary<EntityUid, Within> _within;

    public ScopeIndex(Policy[] policies, Func<Policy, ScopeConstraint> dimension)
    {
        var words = Posting.Words(policies.Length);
        var numbered = policies.Select((policy, number) => (Number: number, Constraint: dimension(policy))).ToArray();
        _any = new ulong[words];
        List(numbered.Where(p => p.Constraint.Kind == ConstraintKind.Any)).AddTo(_any);
        _equal = ByUid(ConstraintKind.Equal).ToDictionary(group => group.Key, group => List(group.Select(pair => pair.Policy)));
        _is = numbered.Where(p => p.Constraint.Kind == ConstraintKind.Is).GroupBy(p => p.Constraint.Type!).ToDictionary(group => group.Key, List);

        var within = ByUid(ConstraintKind.In).ToDictionary(group => group.Key, group => List(group.Select(pair => pair.Policy)));
        var typed = ByUid(ConstraintKind.IsIn).ToDictionary(
            group => group.Key,
            group => group.Select(pair => pair.Policy).GroupBy(p => p.Constraint.Type!).Select(byType => (byType.Key, List(byType))).ToArray());
        _within = within.Keys.Union(typed.Keys).ToDictionary(uid => uid, uid => new Within(within.GetValueOrDefault(uid), typed.GetValueOrDefault(uid, [])));

        Posting List(IEnumerable<(int Number, ScopeConstraint Constraint)> some) => Posting.Of([.. some.Select(p => p.Number)], words);

        IEnumerable<IGrouping<EntityUid, (EntityUid Uid, (int Number, ScopeConstraint Constraint) Policy)>> ByUid(ConstraintKind kind) =>
            numbered.Where(p => p.Constraint.Kind == kind)
                .SelectMany(p => p.Constraint.Uids.Distinct().Select(uid => (Uid: uid, Policy: p)))
                .GroupBy(pair => pair.Uid);
    }

    /// <summary>Sets the bits of the policies that fit <paramref name="uid"/> and clears all others.</summary>
    public void Match(EntityUid uid, Entities entities, Span<ulong> matches)
    {
        _any.CopyTo(matches);
        if (_equal.Count > 0 && _equal.TryGetValue(uid, out var equal))
            equal.AddTo(matches);
        if (_is.Count > 0 && _is.TryGetValue(uid.Type, out var typed))
            typed.AddTo(matches);
        if (_within.Count == 0)
            return;

        MatchWithin(uid, uid, matches);
        if (entities.Find(uid) is not { } node)
            return;

        foreach (var ancestor in node.Ancestors)
            MatchWithin(uid, ancestor, matches);
    }

    private void MatchWithin(EntityUid uid, EntityUid ancestor, Span<ulong> matches)
    {
        if (!_within.TryGetValue(ancestor, out var within))
            return;

        within.Any.AddTo(matches);
        foreach (var (type, policies) in within.Typed)
        {
            if (type == uid.Type)
                policies.AddTo(matches);
        }
    }

    /// <summary>Policies for whatever is in an entity, and those that demand a type as well.</summary>
    private readonly record struct Within(Posting Any, (string Type, Posting Policies)[] Typed);
}
