namespace Proofgate.Cedar.Scopes;

/// <summary>Finds the policies whose constraint on one of principal, action and resource holds. Exact: nothing is left to check.
/// One bit a policy; three indexes together give the candidates.</summary>
internal sealed class ScopeIndex
{
    private const int WordBits = 64;

    private readonly ulong[] _any;
    private readonly Dictionary<EntityUid, int[]> _equal = [];
    private readonly Dictionary<EntityUid, int[]> _in = [];
    private readonly Dictionary<string, int[]> _is = [];
    private readonly Dictionary<EntityUid, (int Policy, string Type)[]> _isIn = [];

    public ScopeIndex(Policy[] policies, Func<Policy, ScopeConstraint> dimension)
    {
        _any = new ulong[(policies.Length + WordBits - 1) / WordBits];
        var numbered = policies.Select((policy, number) => (Number: number, Constraint: dimension(policy))).ToArray();
        foreach (var (number, _) in numbered.Where(p => p.Constraint.Kind == ConstraintKind.Any))
            Set(_any, number);

        _equal = ByUid(ConstraintKind.Equal).ToDictionary(group => group.Key, group => group.Select(p => p.Number).ToArray());
        _in = ByUid(ConstraintKind.In).ToDictionary(group => group.Key, group => group.Select(p => p.Number).ToArray());
        _isIn = ByUid(ConstraintKind.IsIn).ToDictionary(group => group.Key, group => group.Select(p => (p.Number, p.Constraint.Type!)).ToArray());
        _is = numbered.Where(p => p.Constraint.Kind == ConstraintKind.Is)
            .GroupBy(p => p.Constraint.Type!)
            .ToDictionary(group => group.Key, group => group.Select(p => p.Number).ToArray());

        IEnumerable<IGrouping<EntityUid, (int Number, ScopeConstraint Constraint)>> ByUid(ConstraintKind kind) =>
            numbered.Where(p => p.Constraint.Kind == kind)
                .SelectMany(p => p.Constraint.Uids.Select(uid => (Uid: uid, Policy: p)))
                .GroupBy(pair => pair.Uid, pair => pair.Policy);
    }

    /// <summary>Sets the bits of the policies that fit <paramref name="uid"/> and clears all others.</summary>
    public void Match(EntityUid uid, Entities entities, Span<ulong> matches)
    {
        _any.CopyTo(matches);
        if (_equal.Count > 0 && _equal.TryGetValue(uid, out var equal))
            SetAll(matches, equal);
        if (_is.Count > 0 && _is.TryGetValue(uid.Type, out var typed))
            SetAll(matches, typed);
        if (_in.Count == 0 && _isIn.Count == 0)
            return;

        MatchWithin(uid, uid, matches);
        if (entities.Find(uid) is not { } node)
            return;

        foreach (var ancestor in node.Ancestors)
            MatchWithin(uid, ancestor, matches);
    }

    private void MatchWithin(EntityUid uid, EntityUid ancestor, Span<ulong> matches)
    {
        if (_in.Count > 0 && _in.TryGetValue(ancestor, out var within))
            SetAll(matches, within);
        if (_isIn.Count == 0 || !_isIn.TryGetValue(ancestor, out var typed))
            return;

        foreach (var (policy, type) in typed)
        {
            if (type == uid.Type)
                Set(matches, policy);
        }
    }

    private static void SetAll(Span<ulong> matches, int[] policies)
    {
        foreach (var policy in policies)
            Set(matches, policy);
    }

    private static void Set(Span<ulong> matches, int policy) => matches[policy / WordBits] |= 1UL << (policy % WordBits);
}
