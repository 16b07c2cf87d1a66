namespace Proofgate.Cli.Ledger;

/// <summary>How many recorded decisions were made again. What a source or a prompt held is attested, not decided again.</summary>
internal sealed record Redecision
{
    /// <summary>Decided again with the recorded answer.</summary>
    public required long Same { get; init; }

    /// <summary>Decided again with another answer.</summary>
    public required long Differing { get; init; }

    /// <summary>Cannot be opened.</summary>
    public required long Sealed { get; init; }

    /// <summary>Made by a bundle that was not given.</summary>
    public required long OtherBundles { get; init; }
}
