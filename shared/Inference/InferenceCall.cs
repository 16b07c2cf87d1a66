using Proofgate.Enforcement;
using Proofgate.Inference.Models;

namespace Proofgate.Inference;

/// <summary>A call to a model: what was asked, and which target of the model's route serves it.</summary>
public sealed record InferenceCall : Call
{
    public required InferenceRequest Body { get; init; }

    public required IDialect Speech { get; init; }

    public required ModelTarget Target { get; init; }

    public override bool HasAnswer => true;

    public override string? TargetName => Target.Upstream.Name;

    public override void InspectPrompt(RuleSet rules, KindCounts found) =>
        Body.VisitTexts(
            static (text, state) =>
            {
                var (rules, found) = ((RuleSet, KindCounts))state!;
                Inspector.Inspect(rules, text, found);
            },
            (rules, found));
}
