using Proofgate.Enforcement;
using Proofgate.Inference.Models;
using Proofgate.Policy;

namespace Proofgate.Inference;

/// <summary>A call to a model: what was asked, and which target of the model's route serves it.</summary>
public sealed record InferenceCall : Call
{
    private InferenceRequest? _sent;

    public required InferenceRequest Body { get; init; }

    /// <summary>What goes to the target: the body, or the body with placeholders for what this target may not have.</summary>
    public InferenceRequest Sent => _sent ?? Body;

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
        _sent = null,
        Resource = Model.ToEntity(target),
        Tools = [.. Body.HostedTools.Select(t => Vocabulary.Tool(t, target.Upstream.Provider, Model.MaxLabel, target.Upstream.External))],
    };

    public override bool HasAnswer => true;

    public override string? TargetName => Target.Upstream.Name;

    public override IReadOnlyList<GroundingRequest> Grounding => Body.Grounding;

    public override bool PlaceGrounding(IReadOnlyList<GroundingPassage> passages) => Body.Place(passages);

    public override IReadOnlyList<string> PromptTexts()
    {
        var texts = new List<string>();
        Body.VisitTexts(static (text, all) => ((List<string>)all!).Add(text.ToString()), texts);
        return [.. texts.Distinct(StringComparer.Ordinal)];
    }

    public override bool AnswersInText => Body.AnswersInText;

    public override bool ProtectPrompt(PlaceholderMap map)
    {
        _sent = Body.Protect(map);
        var left = new Left(map);
        Sent.VisitTexts(static (text, state) => ((Left)state!).Look(text), left);
        return !left.Any;
    }

    public override void InspectPrompt(RuleSet rules, KindCounts found) =>
        Body.VisitTexts(
            static (text, state) =>
            {
                var (rules, found) = ((RuleSet, KindCounts))state!;
                Inspector.Inspect(rules, text, found);
            },
            (rules, found));

    /// <summary>Whether a value stands where no placeholder can: in the name of a member, or behind escapes in a text that is not JSON.</summary>
    private sealed class Left(PlaceholderMap map)
    {
        internal bool Any { get; private set; }

        internal void Look(ReadOnlySpan<char> text) => Any = Any || map.Leaves(text);
    }
}
