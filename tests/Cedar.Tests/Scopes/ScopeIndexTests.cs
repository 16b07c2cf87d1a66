using System.Globalization;
using CsCheck;
using Proofgate.Cedar.Tests.Support;

namespace Proofgate.Cedar.Tests.Scopes;

/// <summary>The index against the meaning of scopes: the same constraints, written as conditions, which no index sees.</summary>
public sealed class ScopeIndexTests
{
    private static readonly Gen<EntityUid> Member = Gen.Select(Gen.OneOf("A", "B", "N::C"), Gen.Int[0, 9], (type, number) => Named(type, number));

    private static readonly Gen<string> Constraint = Gen.Select(Gen.Int[0, 4], Member, Gen.OneOf("A", "B", "N::C"), (kind, uid, type) => kind switch
    {
        0 => "",
        1 => $" == {uid}",
        2 => $" in {uid}",
        3 => $" is {type}",
        _ => $" is {type} in {uid}",
    });

    private static readonly Gen<EntityUid> Action = Gen.Int[0, 5].Select(number => Named("N::Action", number));

    private static readonly Gen<string> ActionConstraint = Gen.Select(Gen.Int[0, 3], Action, Action.Array[0, 3], (kind, uid, uids) => kind switch
    {
        0 => "",
        1 => $" == {uid}",
        2 => $" in {uid}",
        _ => $" in [{string.Join(", ", uids)}]",
    });

    private static readonly Gen<Entities> Graph = Gen.Select(Member, Member).Array[0, 14].Select(Gen.Select(Action, Action).Array[0, 6], (members, actions) =>
        Entities.Create(members.Concat(actions)
            .Where(edge => Number(edge.Item1) < Number(edge.Item2))
            .GroupBy(edge => edge.Item1, edge => edge.Item2)
            .Select(group => new Entity(group.Key) { Parents = [.. group] })));

    [Fact]
    public void Decision_IsThatOfConditions_ForAnyScopesAndHierarchy() =>
        Gen.Select(Gen.Select(Constraint, ActionConstraint, Constraint).Array[1, 80], Graph, Member, Action, Member).Sample((scopes, graph, principal, action, resource) =>
        {
            var indexed = string.Concat(scopes.Select(s => $"permit(principal{s.Item1}, action{s.Item2}, resource{s.Item3});\n"));
            var conditions = string.Concat(scopes.Select(s => $"permit(principal, action, resource) when {{ {When("principal", s.Item1)} }} when {{ {When("action", s.Item2)} }} when {{ {When("resource", s.Item3)} }};\n"));
            var request = new Request(principal, action, resource, RecordValue.Empty);

            return Make.Policies(indexed).Evaluate(request, graph).Determining.SequenceEqual(Make.Policies(conditions).Evaluate(request, graph).Determining);
        }, iter: 2_000);

    [Fact]
    public void Decision_FindsEveryPolicy_WhenThereAreMoreThanFitOnTheStack()
    {
        var set = Make.Policies(string.Concat(Enumerable.Range(0, 20_000).Select(n => $"permit(principal == A::\"{n % 100}\", action, resource);")));

        var answer = set.Evaluate(new Request(Named("A", 7), Named("Action", 0), Named("B", 0), RecordValue.Empty), Entities.Empty);

        Assert.Equal(Enumerable.Range(0, 200).Select(n => $"policy{n * 100 + 7}"), answer.Determining);
    }

    private static string When(string variable, string constraint) => constraint.Length == 0 ? "true" : variable + constraint;

    private static EntityUid Named(string type, int number) => new(type, number.ToString(CultureInfo.InvariantCulture));

    private static int Number(EntityUid uid) => int.Parse(uid.Id, CultureInfo.InvariantCulture);
}
