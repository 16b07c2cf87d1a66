namespace Proofgate.Enforcement;

/// <summary>What became of reading a lineage token.</summary>
public abstract record LineageReading
{
    private LineageReading()
    {
    }

    public sealed record Valid(LineageClaim Claim) : LineageReading;

    /// <summary>It is the caller's, and its time is over.</summary>
    public sealed record Expired : LineageReading;

    /// <summary>It was not issued to this caller by this deployment: another's, forged or damaged, which nothing tells apart.</summary>
    public sealed record NotIssued : LineageReading;
}
