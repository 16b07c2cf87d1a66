namespace Proofgate.Enforcement;

/// <summary>What became of fetching what a prompt stands on.</summary>
public abstract record GroundingResult
{
    private GroundingResult()
    {
    }

    public sealed record Fetched(Grounding Grounding) : GroundingResult;

    /// <param name="Refusal">Answers the whole call; the pipeline records it.</param>
    public sealed record Refused(Refusal Refusal) : GroundingResult;
}
