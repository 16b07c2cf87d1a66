using System.Globalization;
using Xunit.Abstractions;

namespace Proofgate.Protection.Tests.Quality;

/// <summary>Precision, recall and F1 by kind on a generated labelled set: exact spans. The figures may only rise.</summary>
public sealed class QualityTests(ITestOutputHelper output)
{
    private const int Each = 300;

    /// <summary>What no kind may fall below. The set is ours: the figures on somebody else's are in SynthDatasetTests.</summary>
    private const double Least = 0.97;

    [Fact]
    public void Kinds_ReachTheRatchet_OnTheGeneratedSet()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var set = new LabelledSet(seed: 20260601);
        var gold = new List<(int Text, string Kind, int Start, int End)>();
        var found = new List<(int Text, string Kind, int Start, int End)>();
        var texts = new List<string>();
        foreach (var labelled in set.Values(Each).Concat(set.Others(Each)))
        {
            if (labelled.Kind.Length > 0)
                gold.Add((texts.Count, labelled.Kind, labelled.Start, labelled.End));
            found.AddRange(Spans.OfAllKinds(labelled.Text).Select(part => (texts.Count, part.Kind, part.Start, part.End)));
            texts.Add(labelled.Text);
        }

        Assert.Equal(RuleSet.Default.Kinds.Select(kind => kind.Name).Order(), gold.Select(span => span.Kind).Distinct().Order());
        output.WriteLine($"{texts.Count} texts");
        output.WriteLine($"{"kind",-18} {"gold",5} {"found",5} {"prec.",6} {"recall",6} {"F1",6}");
        var fallen = new List<string>();
        foreach (var kind in RuleSet.Default.Kinds.Select(kind => kind.Name).Order())
        {
            var (inGold, inFound) = (gold.Where(span => span.Kind == kind).ToHashSet(), found.Where(span => span.Kind == kind).ToHashSet());
            double both = inGold.Intersect(inFound).Count();
            var f1 = 2 * both / (inGold.Count + inFound.Count);
            output.WriteLine($"{kind,-18} {inGold.Count,5} {inFound.Count,5} {both / inFound.Count,6:F3} {both / inGold.Count,6:F3} {f1,6:F3}");
            foreach (var (text, _, start, end) in inFound.Except(inGold).Take(3))
                output.WriteLine($"  too much: '{texts[text][start..end]}' in '{texts[text]}'");
            foreach (var (text, _, start, end) in inGold.Except(inFound).Take(3))
                output.WriteLine($"  missed:   '{texts[text][start..end]}' in '{texts[text]}'");
            if (f1 < Least)
                fallen.Add($"{kind}: {f1:F4}");
        }

        Assert.Empty(fallen);
    }
}
