namespace Proofgate.Data;

/// <summary>Whether a dataset can be asked in this deployment.</summary>
public abstract record SourceState
{
    private SourceState()
    {
    }

    /// <summary>It is as the catalogue says.</summary>
    public sealed record Ready : SourceState;

    /// <summary>The settings have no such connection.</summary>
    public sealed record NotConfigured : SourceState;

    /// <summary>It cannot be seen at the moment.</summary>
    public sealed record Unreachable : SourceState;

    /// <summary>It is not as the catalogue says, so labels would stand on the wrong columns.</summary>
    public sealed record Unlike(IReadOnlyList<string> Problems) : SourceState;
}
