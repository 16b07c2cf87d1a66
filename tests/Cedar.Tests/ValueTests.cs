using CsCheck;
using Proofgate.Cedar.Evaluation;
using Proofgate.Cedar.Syntax;
using Proofgate.Cedar.Tests.Support;

namespace Proofgate.Cedar.Tests;

public sealed class ValueTests
{
    [Fact]
    public void Text_EvaluatesToAnEqualValue_ForAnyValue() =>
        Generators.Value.Sample(value =>
        {
            var again = Parser.ParseExpression(value.ToString()).Evaluate(new Evaluator(Make.Request, Make.Entities));
            return value.Equals(again) && value.GetHashCode() == again!.GetHashCode();
        });

    [Fact]
    public void Set_IgnoresOrderAndDuplicates_ForAnyElements() =>
        Generators.Value.Array[0, 20].Sample(items =>
        {
            Value[] twice = [.. items.Reverse(), .. items];
            var (one, other) = (SetValue.Of(items), SetValue.Of(twice));
            return one.Equals(other) && one.GetHashCode() == other.GetHashCode() && one.Count == items.Distinct().Count()
                && one.ContainsAll(other) && Array.TrueForAll(items, one.Contains);
        });

    [Fact]
    public void Record_IgnoresOrder_ForAnyAttributes() =>
        Gen.Select(Generators.Text, Generators.Scalar).Array[0, 30].Sample(pairs =>
        {
            var attributes = pairs.DistinctBy(p => p.Item1).Select(p => KeyValuePair.Create(p.Item1, p.Item2)).ToArray();
            var (one, other) = (RecordValue.From(attributes), RecordValue.From(attributes.Reverse()));
            return one.Equals(other)
                && one.GetHashCode() == other.GetHashCode()
                && Array.TrueForAll(attributes, a => one.TryGet(a.Key, out var value) && value.Equals(a.Value))
                && !one.Has("no such name");
        });

    [Fact]
    public void Record_IsRefused_WhenANameOccursTwice()
    {
        Assert.Throws<ArgumentException>(() => RecordValue.Of(("a", 1), ("b", 2), ("a", 1)));
        Assert.Throws<ArgumentException>(() => RecordValue.From(Enumerable.Range(0, 40).Select(n => KeyValuePair.Create($"n{n % 39}", (Value)n))));
    }

    [Fact]
    public void Sets_AreComparedQuickly_WhenNestedAndDifferentDeepDown()
    {
        // Without hashes first, each level would double the work and this would never end.
        Value one = 1, other = 2;
        for (var depth = 0; depth < 60; depth++)
        {
            one = SetValue.Of(SetValue.Of(one, 7), SetValue.Of(one, 8));
            other = SetValue.Of(SetValue.Of(other, 7), SetValue.Of(other, 8));
        }

        Assert.NotEqual(one, other);
    }
}
