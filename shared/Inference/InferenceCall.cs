using Proofgate.Enforcement;
using Proofgate.Inference.Models;
using Proofgate.Policy;

namespace Proofgate.Inference;

/// <summary>A call to a model: what was asked, and which target of the model's route serves it.</summary>
public sealed record InferenceCall : Call
{
    public required InferenceRequest Body { get; init; }

    public required IDialect Speech { get; init; }

    public required ModelEntry Model { get; init; }

    public required ModelTarget Target { get; init; }

    /// <summary>The prompt by its length and the rest of the estimate as answer.</summary>
    public override long EstimatedCost => CostOf(Math.Min(Body.TextLength / 3, EstimatedTokens), Math.Max(0, EstimatedTokens - (Body.TextLength / 3)));

    public override string? ModelName => Resource.Uid.Id;

    public override long CostOf(long inputTokens, long outputTokens) => Model.Price?.Of(inputTokens, outputTokens) ?? 0;

    /// <summary>The same call at another target: to policy another model, and tools of another provider.</summary>
    internal InferenceCall At(ModelTarget target) => this with
    {
        Target = target,
        Resource = Model.ToEntity(target),
        Tools = [.. Body.HostedTools.Select(t => Vocabulary.Tool(t, target.Upstream.Provider, Model.MaxLabel))],
    };

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
