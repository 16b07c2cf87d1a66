namespace Proofgate.Policy.Testing;

/// <summary>A test file that has been read and checked.</summary>
internal sealed record TestFile
{
    public required string Name { get; init; }

    public required IReadOnlyList<TestPrincipal> Principals { get; init; }

    public required IReadOnlyList<string> Actions { get; init; }

    public required IReadOnlyList<TestResource> Resources { get; init; }

    public required IReadOnlyList<TestContext> Contexts { get; init; }

    public required IReadOnlyList<TestExpectation> Expectations { get; init; }

    internal long Combinations => (long)Principals.Count * Contexts.Count * Actions.Sum(a => Resources.Count(r => r.Fits(a)));

    internal IEnumerable<(TestPrincipal Principal, string Action, TestResource Resource, TestContext Context)> All =>
        from principal in Principals
        from action in Actions
        from resource in Resources
        where resource.Fits(action)
        from context in Contexts
        select (principal, action, resource, context);
}
