namespace Proofgate.Enforcement.Tools;

/// <summary>A resource is read.</summary>
public sealed record ResourceCall : Call
{
    public required ToolResource Read { get; init; }

    public override bool HasAnswer => true;

    public override long AnswerLabel => Read.Label;

    public override string? TargetName => Read.Source;
}
