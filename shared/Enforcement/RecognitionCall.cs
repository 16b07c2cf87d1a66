namespace Proofgate.Enforcement;

/// <summary>The part of a call that goes to a recogniser: a decision and an outcome of its own, and no place in the limits beside the call's.</summary>
public sealed record RecognitionCall : Call
{
    public required RecogniserPlan Plan { get; init; }

    public override string? TargetName => Plan.Name;
}
