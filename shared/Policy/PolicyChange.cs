namespace Proofgate.Policy;

/// <summary>What became of an act on the active policy.</summary>
public abstract record PolicyChange
{
    private PolicyChange()
    {
    }

    /// <summary>Every instance decides by it at its next look into the store.</summary>
    public sealed record Done(Activation Activation) : PolicyChange;

    /// <summary>Every fault of the bundle that was found, each with its place.</summary>
    public sealed record Rejected(IReadOnlyList<string> Problems) : PolicyChange;

    /// <summary>A signature that is needed is missing, or is of somebody who may not give it.</summary>
    public sealed record NotSigned(string Problem) : PolicyChange;

    /// <summary>This deployment reads its policy from a folder: who changes the folder changes the policy.</summary>
    public sealed record FolderDecides : PolicyChange;

    /// <summary>Another bundle is active than the asker thought.</summary>
    /// <param name="Active">Null: none.</param>
    public sealed record Stale(string? Active) : PolicyChange;

    /// <summary>It decides already.</summary>
    public sealed record AlreadyActive : PolicyChange;

    /// <summary>Somebody else was quicker by a moment.</summary>
    public sealed record Overtaken : PolicyChange;

    /// <summary>There is no such bundle to go back to.</summary>
    public sealed record NothingToGoBackTo : PolicyChange;
}
