namespace Proofgate.Policy.Signing;

/// <summary>What became of the question whether a record counts.</summary>
internal abstract record ActivationVerdict
{
    private ActivationVerdict()
    {
    }

    internal sealed record Verified(Activation Activation) : ActivationVerdict;

    /// <summary>Why it does not, without a word of what it says but the names of keys.</summary>
    internal sealed record Refused(string Problem) : ActivationVerdict;
}
