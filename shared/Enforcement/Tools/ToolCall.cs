using System.Text.Json;
using Proofgate.Cedar;
using Proofgate.Protection;

namespace Proofgate.Enforcement.Tools;

/// <summary>A call of a tool: which, and with what.</summary>
public sealed record ToolCall : Call
{
    public required ToolDescription Tool { get; init; }

    /// <summary>An object, as the caller sent it: what was looked at is what the tool gets.</summary>
    public required JsonElement Arguments { get; init; }

    /// <summary>Of the arguments, those that policy may see.</summary>
    public RecordValue? Seen { get; init; }

    public override RecordValue? PolicyArguments => Seen;

    public override string Recipient => "tool";

    public override bool HasAnswer => true;

    public override long AnswerLabel => Tool.Label;

    public override string? TargetName => Tool.Source;

    public override void InspectPrompt(RuleSet rules, KindCounts found) => ArgumentTexts.Visit(Arguments, text => Inspector.Inspect(rules, text, found));
}
