namespace Proofgate.Cedar.Residuals;

/// <summary>What became of a partial request.</summary>
public abstract record ResidualResult
{
    private ResidualResult()
    {
    }

    public sealed record Reduced(Residual Residual) : ResidualResult;

    /// <summary>The text of the residual would be longer than <see cref="CedarLimits.ResidualTextLength"/>, or the caller left too little stack: nothing may be answered with it.</summary>
    public sealed record TooLarge : ResidualResult;
}
