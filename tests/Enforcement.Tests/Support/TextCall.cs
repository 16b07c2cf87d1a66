using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Enforcement;
using Proofgate.Policy;
using Proofgate.Protection;

namespace Proofgate.Tests.Support;

/// <summary>A call with one text in it.</summary>
internal sealed record TextCall : Call
{
    internal required string Text { get; init; }

    internal bool Answers { get; init; }

    internal Action? Inspected { get; init; }

    /// <summary>Whether its text is one that no placeholder can stand in.</summary>
    internal bool HasNoPlace { get; init; }

    /// <summary>The text as it would be sent, where it was changed.</summary>
    internal string? Sent { get; private set; }

    public override bool AnswersInText => Answers;

    public override bool ProtectPrompt(PlaceholderMap map)
    {
        Sent = HasNoPlace ? Text : map.Protect(Text);
        return !map.Leaves(Sent);
    }

    /// <summary>Datasets that it asks to stand on; what is fetched has room.</summary>
    internal IReadOnlyList<GroundingRequest> On { get; init; } = [];

    public override IReadOnlyList<GroundingRequest> Grounding => On;

    public override bool PlaceGrounding(IReadOnlyList<GroundingPassage> passages) => true;

    internal string? Named { get; init; }

    /// <summary>Millionths of a currency for each token.</summary>
    internal long Price { get; init; }

    public override long EstimatedCost => CostOf(EstimatedTokens, 0);

    public override string? ModelName => Named;

    public override long CostOf(long inputTokens, long outputTokens) => Price * (inputTokens + outputTokens);

    public override bool HasAnswer => Answers;

    public override string? TargetName => "target";

    internal static TextCall Of(string policies, string text = "hello", string manifest = Bundles.Manifest) => new()
    {
        Id = new AuditId(Guid.CreateVersion7()),
        Caller = Callers.Application,
        Bundle = Bundles.Of(policies, manifest),
        Request = new RequestRecord { Route = "/test", Method = "POST" },
        Action = Vocabulary.Infer,
        Resource = Vocabulary.Model("m", "openai", "eu", 2, external: true),
        Text = text,
    };

    public override void InspectPrompt(RuleSet rules, KindCounts found)
    {
        Inspected?.Invoke();
        Inspector.Inspect(rules, Text, found);
    }
}
