using Proofgate.Enforcement;
using Proofgate.Inference.Models;

namespace Proofgate.Inference;

/// <summary>A call to a model: what was asked, and which target of the model's route serves it.</summary>
public sealed record InferenceCall : Call
{
    public required InferenceRequest Body { get; init; }

    public required IDialect Speech { get; init; }

    public required ModelTarget Target { get; init; }

    /// <summary>What the model's tokens cost; null where the bundle does not say.</summary>
    public ModelPrice? Price { get; init; }

    /// <summary>The prompt by its length and the rest of the estimate as answer.</summary>
    public override long EstimatedCost => CostOf(Math.Min(Body.TextLength / 3, EstimatedTokens), Math.Max(0, EstimatedTokens - (Body.TextLength / 3)));

    public override string? ModelName => Resource.Uid.Id;

    public override long CostOf(long inputTokens, long outputTokens) => Price?.Of(inputTokens, outputTokens) ?? 0;

    public override bool HasAnswer => true;

    public override string? TargetName => Target.Upstream.Name;

    /// <summary>Path below the upstream's address, for example <c>chat/completions</c>.</summary>
    internal string UpstreamPath => Speech.UpstreamPath;

    public override void InspectPrompt(RuleSet rules, KindCounts found) =>
        Body.VisitTexts(
            static (text, state) =>
            {
                var (rules, found) = ((RuleSet, KindCounts))state!;
                Inspector.Inspect(rules, text, found);
            },
            (rules, found));
}
